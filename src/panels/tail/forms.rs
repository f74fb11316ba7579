//! What keys and values of the open topic are read as, now and the next time.
use super::Tail;
use crate::{decode::Form, panels::Cx};

impl Tail {
    /// Keys and values of the open topic are read so from now on.
    pub fn read_as(&mut self, key: Form, value: Form) {
        self.forms = (key, value);
        let name = |form: Form| (form != Form::Auto).then(|| form.name().to_owned());
        if let Some(habits) = self.habits_of_topic() {
            (habits.key_form, habits.value_form) = (name(key), name(value));
        }
    }

    /// As this topic was read the last time.
    pub(super) fn read_as_before(&mut self) {
        let form = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default();
        let habits = self.habits_of_topic().cloned().unwrap_or_default();
        self.forms = (form(&habits.key_form), form(&habits.value_form));
    }

    /// The next form of values, or of keys.
    pub(super) fn read_next_form(&mut self, of_keys: bool, cx: &Cx) {
        let (key, value) = self.forms;
        let (key, value) = if of_keys { (key.next(), value) } else { (key, value.next()) };
        self.read_as(key, value);
        let (what, form) = if of_keys { ("keys", key) } else { ("values", value) };
        self.say(format!("{what} are read as {}", form.name()), false, cx);
    }
}
