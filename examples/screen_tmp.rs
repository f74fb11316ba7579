use kafscope::{app::*, bus::bus, kafka::{self, Settings, wire}, layout::Borders, theme::Theme, terminal, run::run};
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let b = std::env::args().nth(1).unwrap();
    let (mut desk, dock) = bus();
    let wire = wire::Settings { bootstrap: b.split(',').map(Into::into).collect(), ..Default::default() };
    let s = tokio::spawn(kafka::serve(dock, Settings { wire, read_only: false, committed: false }));
    let mut app = App::new(Start { theme: Theme::builtin("default").unwrap(), cluster: b, read_only: false, mouse: true, zone: jiff::tz::TimeZone::system(), now: jiff::Timestamp::now(), topic: std::env::args().nth(2).map(|t| t.as_str().into()), last_topic: None, borders: Borders::default(), ring_bytes: 64<<20 });
    let (mut guard, mut term) = terminal::Guard::take(true)?;
    let o = run(&mut app, &mut desk, &mut term, &mut guard).await?;
    drop(guard); drop(desk);
    println!("{o:?} {:?}", s.await);
    Ok(())
}
