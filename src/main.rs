//! Arguments → config → theme → log → the screen, a command or the demo → exit code.
use anyhow::Context;
use futures_util::FutureExt;
use jiff::{Timestamp, tz::TimeZone};
use kafscope::{
    app::{App, Start},
    bus,
    cli::{self, Cli, Command, Global},
    config::{self, Config},
    demo,
    failure::Failure,
    headless::{self, Ended, Setup, complain},
    kafka::{
        self,
        leaving::{self, Left},
        wire,
    },
    layout::Borders,
    log,
    run::{self, End, Outcome},
    state::{self, Sent, State},
    terminal::{self, Guard},
    theme::Theme,
};
use std::process::ExitCode;
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Duration, timeout},
};

/// Where a Kafka of one's own usually listens.
const USUAL: &str = "localhost:9092";

fn main() -> ExitCode {
    let cli = cli::parse();
    let Err(ended) = begin(cli) else { return ExitCode::SUCCESS };
    if let Some(words) = ended.words() {
        complain(&words);
    }
    ExitCode::from(ended.code())
}

fn begin(cli: Cli) -> Result<(), Ended> {
    // The child has its parent's word for everything, and must not fall over a file that the parent was told to ignore.
    let config = if is_child(&cli) { Config::default() } else { config::load(cli.global.config.as_deref())? };
    let theme = config::theme(cli.global.theme.as_deref().or(config.theme.as_deref()))?;
    log::start(cli.global.log.as_deref(), cli.global.verbose)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Ended::Wrong(format!("starting: {error}")))?;
    let done = runtime.block_on(go(cli, &config, theme));
    runtime.shutdown_background(); // a thread that waits for stdin would hold us up
    done
}

fn is_child(cli: &Cli) -> bool {
    matches!(cli.command, Some(Command::DemoChild(_)))
}

async fn go(cli: Cli, config: &Config, theme: Theme) -> Result<(), Ended> {
    let setup = |bootstrap: &[String]| setup(&cli.global, config, bootstrap);
    let screen = |setup: Setup, name: Option<&str>| Screen {
        name: name.map_or_else(|| setup.settings.bootstrap.join(","), str::to_owned),
        setup,
        theme,
        config,
        mouse: !cli.global.no_mouse,
        topic: cli.topic.clone(),
    };
    match cli.command {
        None => {
            let state = State::load();
            let last = state.last_bootstrap.clone().unwrap_or_else(|| USUAL.into());
            let setup = setup(&[last])?;
            let brokers = std::future::ready(Ok(setup.settings.bootstrap.clone()));
            screen(setup, None).open(state, true, brokers).await
        }
        Some(Command::Demo(demo)) if demo.serve => headless::serve(&demo, false).await,
        Some(Command::Demo(demo)) => {
            terminal::check().map_err(|failure| Ended::Wrong(failure.to_string()))?;
            let (cluster, brokers) = start_demo(demo);
            let done = screen(setup(&[USUAL.into()])?, Some(DEMO)).open(State::load(), false, brokers).await;
            if let Ok(Ok(cluster)) = cluster.await {
                unless_interrupted(cluster.end()).await;
            }
            done
        }
        Some(command) => headless::run(command, &setup(&[USUAL.into()])?).await,
    }
}

/// The demo cluster beside the screen, which need not wait for it: its brokers are told when they are ready.
fn start_demo(demo: cli::demo::Demo) -> (JoinHandle<Result<demo::Cluster, Failure>>, impl Future<Output = Brokers>) {
    let (ready, told) = oneshot::channel();
    let cluster = tokio::spawn(async move {
        let started = demo::Cluster::start(&demo).await;
        let brokers = started.as_ref().map(|cluster| cluster.bootstrap().split(',').map(str::to_owned).collect());
        let _ = ready.send(brokers.map_err(Clone::clone)); // who does not listen has left
        started
    });
    let brokers =
        async { told.await.unwrap_or_else(|_| Err(Failure::new("starting the demo cluster", "it broke", ""))) };
    (cluster, brokers)
}

/// Bootstrap addresses, or why there are none.
type Brokers = Result<Vec<String>, Failure>;

/// `usual`: the brokers where none were named.
fn setup(global: &Global, config: &Config, usual: &[String]) -> Result<Setup, Ended> {
    let named: Vec<String> = global.bootstrap.iter().filter(|address| !address.is_empty()).cloned().collect();
    let bootstrap = if named.is_empty() { usual.to_vec() } else { named };
    let settings = wire::Settings {
        bootstrap,
        timeout: global.timeout,
        old_commits_per_second: config.old_commits_per_second.count(),
        ..wire::Settings::default()
    };
    Ok(Setup {
        settings,
        committed: global.isolation == cli::Isolation::Committed,
        read_only: global.read_only || config.read_only,
        json: global.json,
    })
}

/// Everything the screen starts with.
struct Screen<'a> {
    /// What the header calls the cluster, and the state remembers it by.
    name: String,
    setup: Setup,
    theme: Theme,
    config: &'a Config,
    mouse: bool,
    topic: Option<String>,
}

impl Screen<'_> {
    /// Runs it until the person leaves. `keep`: this cluster is one to begin with next time.
    async fn open(
        self,
        mut state: State,
        keep: bool,
        brokers: impl Future<Output = Brokers> + Send + 'static,
    ) -> Result<(), Ended> {
        terminal::check().map_err(|failure| Ended::Wrong(failure.to_string()))?;
        wire::Cluster::new(self.setup.settings.clone()).map_err(|error| Ended::Wrong(error.to_string()))?;
        let cluster = self.name.clone();
        let mut app = App::new(self.start(&state, &cluster));
        app.panels.produce.set_history(state.history.drain(..).map(Sent::draft).collect());
        app.panels.tail.set_habits(std::mem::take(&mut state.habits));
        let ran = self.run(&mut app, brokers).await;
        keep_state(&mut state, &app, &cluster, keep);
        let end = ran.map_err(|error| Ended::Kafka(Failure::new("running the screen", format!("{error:#}"), "")))?;
        end.map_or(Ok(()), |end| Err(end.into()))
    }

    fn start(&self, state: &State, cluster: &str) -> Start {
        let last = if cluster == DEMO { Some(DEMO_TOPIC) } else { state.last_topic.get(cluster).map(String::as_str) };
        Start {
            theme: self.theme,
            cluster: cluster.to_owned(),
            read_only: self.setup.read_only,
            committed: self.setup.committed,
            mouse: self.mouse && self.config.mouse,
            zone: TimeZone::system(),
            now: Timestamp::now(),
            topic: self.topic.as_deref().map(Into::into),
            last_topic: last.map(Into::into),
            borders: Borders { topics: state.topics_width, lag: state.lag_height, produce: state.produce_height },
            ring_bytes: self.config.ring_mib.bytes(),
            ring_records: self.config.ring_records.count(),
            undo: state::directory().map(|state| state.join("undo")).unwrap_or_default(),
        }
    }

    async fn run(
        &self,
        app: &mut App,
        brokers: impl Future<Output = Brokers> + Send + 'static,
    ) -> anyhow::Result<Option<End>> {
        let (mut desk, dock) = bus::bus();
        let Setup { settings, read_only, committed, .. } = self.setup.clone();
        let (hurry, hurried) = oneshot::channel::<()>();
        let kafka = tokio::spawn(async move {
            let wire = wire::Settings { bootstrap: brokers.await?, ..settings };
            kafka::serve_until(dock, kafka::Settings { wire, read_only, committed }, hurried.map(drop)).await
        });
        let (mut guard, mut drawn) = Guard::take(self.mouse && self.config.mouse).context("taking the terminal")?;
        let outcome = match run::run(app, &mut desk, &mut drawn, &mut guard).await {
            // Drawing may notice before any signal does.
            Err(error) if terminal::is_gone(&error) => Ok(Outcome { end: Some(End::HungUp), ..Outcome::default() }),
            outcome => outcome,
        };
        drop(guard);
        unheard(desk).await.iter().for_each(|words| complain(words));
        let left = left(kafka, hurry).await?;
        left.changes.iter().for_each(|words| complain(words));
        if let Some(topic) = app.panels.produce.in_flight().filter(|_| left.records > 0) {
            complain(&format!("the record to {topic} had no acknowledgement yet; it may have been written"));
        }
        let outcome = outcome.context("drawing")?;
        anyhow::ensure!(!outcome.deserted, "the Kafka side ended by itself, which is a fault of kafscope");
        Ok(outcome.end)
    }
}

/// What became of changes that were answered while the screen went.
async fn unheard(mut desk: bus::Desk) -> Vec<String> {
    desk.news.close();
    let mut told = vec![];
    while let Some(event) = desk.news.recv().await {
        told.extend(leaving::words(&event));
    }
    told
}

/// A second ctrl-c has the Kafka side say at once what it has come to.
async fn left(mut kafka: JoinHandle<Result<Left, Failure>>, hurry: oneshot::Sender<()>) -> anyhow::Result<Left> {
    const BROKE: &str = "the Kafka side broke, which is a fault of kafscope";
    if let Some(served) = unless_interrupted(&mut kafka).await {
        return Ok(served.context(BROKE)??);
    }
    let _ = hurry.send(());
    match timeout(HURRY, kafka).await {
        Ok(served) => Ok(served.context(BROKE)??),
        Err(_) => Ok(Left { records: 1, ..Left::default() }), // nobody waited for the one on its way, if there was one
    }
}

/// What saying so may take.
const HURRY: Duration = Duration::from_millis(200);

/// The last work after the screen; a second ctrl-c means that nobody wants to wait for it.
async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        _ = tokio::signal::ctrl_c() => None,
    }
}

/// What the header calls the demo cluster.
const DEMO: &str = "demo";
/// The topic of the demo that has most to show.
const DEMO_TOPIC: &str = "orders";

/// What a demo leaves behind helps nobody: its ports are other ones next time.
fn keep_state(state: &mut State, app: &App, cluster: &str, keep: bool) {
    let Borders { topics, lag, produce } = app.window.borders;
    (state.topics_width, state.lag_height, state.produce_height) = (topics, lag, produce);
    app.panels.produce.history().iter().filter_map(Sent::of).for_each(|sent| state.remember(sent));
    state.look_as(app.panels.tail.habits());
    if keep {
        state.opened(cluster, app.session.topic.as_deref());
    }
    if let Err(error) = state.save() {
        tracing::warn!(%error, "the state for next time could not be written");
    }
}
