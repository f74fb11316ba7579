//! The places that keys hold in.
/// Where a binding holds. A place answers to several, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    Global,
    List,
    /// Rows that are neither filtered nor sorted.
    Rows,
    Topics,
    Tail,
    /// One line of Tail's own is open (a place, a filter): printable keys are text.
    Prompt,
    Lag,
    /// The producer box with the cursor outside it.
    Produce,
    /// Writing into the producer box: printable keys are text.
    Writing,
    Record,
    /// Two records compared.
    Diff,
    Group,
    /// What a reset is to do is chosen.
    Form,
    /// One of its fields has the keys: printable keys are text.
    FormField,
    /// What a reset would do, partition by partition.
    Plan,
    /// A plan that cannot be written.
    Refused,
    /// What a reset did.
    Outcome,
    /// A name is to be typed before something is written: printable keys are text.
    Question,
    /// What is under way with a group's offsets, or what became of it.
    Told,
    /// The name of a file is asked for: printable keys are text.
    FileName,
    Help,
    Palette,
    Notices,
    /// A one-line field is open (a filter): printable keys are text.
    Field,
    /// A one-line field of words to look for in a record is open: printable keys are text.
    Search,
}

impl Context {
    pub const ALL: [Self; 25] = [
        Self::Global,
        Self::List,
        Self::Rows,
        Self::Topics,
        Self::Tail,
        Self::Prompt,
        Self::Lag,
        Self::Produce,
        Self::Writing,
        Self::Record,
        Self::Diff,
        Self::Group,
        Self::Form,
        Self::FormField,
        Self::Plan,
        Self::Refused,
        Self::Outcome,
        Self::Question,
        Self::Told,
        Self::FileName,
        Self::Help,
        Self::Palette,
        Self::Notices,
        Self::Field,
        Self::Search,
    ];

    /// As help and README head it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "everywhere",
            Self::List => "any list",
            Self::Rows => "any rows",
            Self::Topics => "Topics",
            Self::Tail => "Tail",
            Self::Prompt => "Tail, writing",
            Self::Lag => "Lag",
            Self::Produce => "Produce",
            Self::Writing => "Produce, writing",
            Self::Record => "a record",
            Self::Diff => "two records",
            Self::Group => "a group",
            Self::Form => "a reset",
            Self::FormField => "a reset, writing",
            Self::Plan => "a plan",
            Self::Refused => "a refused plan",
            Self::Outcome => "a reset, written",
            Self::Question => "a question",
            Self::Told => "an answer",
            Self::FileName => "a file's name",
            Self::Help => "this help",
            Self::Palette => "command palette",
            Self::Notices => "notices",
            Self::Field => "filter field",
            Self::Search => "search field",
        }
    }
}
