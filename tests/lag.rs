//! The Lag panel as a person meets it.
mod common;
use common::{Screen, groups::*};
use kafscope::group::GroupState as S;

/// What a normal evening looks like.
fn evening() -> Vec<kafscope::group::GroupLag> {
    let mut denied = lag("secret", S::Stable, 0, vec![]);
    let why = kafscope::failure::Failure::new("reading commits of secret", "needs DESCRIBE on group secret", "");
    (denied.members, denied.partitions) = (Err(why.clone()), Err(why));
    vec![
        lag(
            "audit",
            S::Empty,
            0,
            vec![partition("orders", 0, 0, 90_000, Some(1_988)), unknown("orders", 1, "no leader")],
        ),
        behind("billing", "orders", 12_331),
        lag("fresh", S::Stable, 1, vec![partition("orders", 0, 0, 9, None)]),
        lag("late", S::Stable, 1, vec![partition("orders", 0, 790, 1_041, Some(700))]),
        lag("mirror", S::Empty, 0, vec![partition("payments", 0, 0, 60, Some(100))]),
        lag("moving", S::PreparingRebalance, 2, vec![partition("orders", 0, 0, 60, Some(50))]),
        behind("search", "orders", 0),
        denied,
    ]
}

#[test]
fn print() {
    for (w, h) in [(160, 45), (80, 24)] {
        let mut s = Screen::new(w, h);
        s.with_topics(&[("orders", 6, 200)]).with_groups(evening());
        for i in 0..40 {
            s.wait(5_000);
            let mut groups = evening();
            groups[1] = behind("billing", "orders", 12_331 + i * i * 20);
            s.hear_lag(groups);
        }
        s.press("3");
        println!("{}", s.screen());
        s.press("<enter>");
        s.wait(400);
        println!("{}", s.screen());
        let mut groups = evening();
        let mut g = groups.remove(0);
        g.group = groups.remove(0).group;
        g.members = Ok((0..3).map(|i| member(&format!("billing-{i}"), &[("orders", &[0, 1, 2, 4])])).collect());
        g.partitions = Ok(vec![
            kafscope::lag::PartitionLag { owner: Some(1), ..partition("orders", 0, 790, 1_041, Some(812)) },
            partition("orders", 1, 790, 1_233_041, Some(1_233_041)),
            partition("orders", 2, 790, 1_041, Some(700)),
            partition("orders", 3, 790, 1_041, Some(1_081)),
            partition("orders", 4, 790, 1_041, None),
            unknown("orders", 5, "no leader"),
            kafscope::lag::PartitionLag { rebalancing: true, ..partition("orders", 6, 790, 1_041, Some(812)) },
        ]);
        let at = s.now();
        s.hear(kafscope::bus::Event::GroupRead { generation: 1, group: Box::new(g), at });
        for _ in 0..7 {
            println!("{}", s.screen());
            s.press("j");
        }
        s.press("<tab>");
        println!("{}", s.screen());
    }
}
