//! What access control leaves behind when it refuses: figures of commands, and the log.

use playground_engine::{Engine, Options, Reply, SessionId, parse};

struct Stage {
    engine: Engine,
    admin: SessionId,
    ann: SessionId,
}

impl Stage {
    /// An engine on which `ann`, who may do all, has logged in.
    fn new() -> Self {
        let mut engine = Engine::new(Options::default());
        let [admin, ann] = [(); 2].map(|()| engine.connect());
        let mut stage = Self { engine, admin, ann };
        stage.run(admin, "ACL SETUSER ann on nopass +@all ~* &*");
        stage.run(ann, "AUTH ann x");
        stage
    }

    fn run(&mut self, session: SessionId, line: &str) -> Reply {
        let argv = parse::split_line(line.as_bytes()).expect("a whole line");
        self.engine.execute(session, argv).reply
    }

    /// Has `ann` queue commands, takes a right from her, and lets her `EXEC`.
    fn exec_without(&mut self, right: &str, lines: &[&str]) -> Reply {
        self.run(self.ann, "MULTI");
        for line in lines {
            assert_eq!(self.run(self.ann, line), Reply::status("QUEUED"));
        }
        self.run(self.admin, &format!("ACL SETUSER ann {right}"));
        self.run(self.ann, "EXEC")
    }

    /// Calls, rejected and failed calls of a command.
    fn figures(&mut self, command: &str) -> Option<[u64; 3]> {
        let Reply::Verbatim(_, text) = self.run(self.admin, "INFO commandstats") else { panic!("no text") };
        let text = String::from_utf8(text).expect("text");
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:")))?;
        let number = |name: &str| {
            let field = line.split(',').find_map(|field| field.strip_prefix(name)).expect("the field");
            field.trim_start_matches('=').parse().expect("a number")
        };
        Some(["calls", "rejected_calls", "failed_calls"].map(number))
    }

    /// The newest entry of the log: its `client-info`.
    fn client_info(&mut self) -> String {
        let Reply::Array(entries) = self.run(self.admin, "ACL LOG 1") else { panic!("no entries") };
        let Some(Reply::Map(fields)) = entries.into_iter().next() else { panic!("no entry") };
        let is = |key: &Reply| *key == Reply::bulk("client-info");
        match fields.into_iter().find(|(key, _)| is(key)) {
            Some((_, Reply::Bulk(line))) => String::from_utf8(line).expect("text"),
            other => panic!("{other:?}"),
        }
    }
}

/// A real server's figures after the same: a refusal counts as EXEC's own failure, unless a command runs behind it.
#[test]
fn exec_has_failed_by_a_refusal_behind_the_last_command() {
    for (lines, failed) in [
        (&["GET k"][..], 1),
        (&["SET k v", "GET k"], 1),
        (&["GET k", "SET k v"], 0),
        (&["GET k", "SET k v", "GET k"], 1),
        (&["SET k v", "LPUSH k v", "GET k"], 1),
        (&["SET k v", "LPUSH k v"], 0),
    ] {
        let mut stage = Stage::new();
        stage.exec_without("-get", lines);
        assert_eq!(stage.figures("exec"), Some([1, 0, failed]), "{lines:?}");
        assert_eq!(stage.figures("get"), None, "what is refused inside is nobody's call");
    }
}

#[test]
fn exec_that_may_not_run_is_rejected_and_one_that_gives_up_has_failed() {
    let mut stage = Stage::new();
    stage.exec_without("-exec", &["GET k"]);
    assert_eq!(stage.figures("exec"), Some([0, 1, 0]));
    let mut stage = Stage::new();
    stage.run(stage.ann, "MULTI");
    stage.run(stage.ann, "GET");
    stage.run(stage.ann, "EXEC");
    assert_eq!((stage.figures("exec"), stage.figures("get")), (Some([1, 0, 1]), Some([0, 1, 0])));
}

/// The line is that of CLIENT LIST at the moment of the refusal.
#[test]
fn the_log_describes_the_client_as_the_list_does() {
    let mut stage = Stage::new();
    for line in ["CLIENT SETNAME till", "SELECT 3", "WATCH k", "CLIENT NO-TOUCH ON"] {
        assert_eq!(stage.run(stage.ann, line), Reply::OK);
    }
    stage.run(stage.admin, "ACL SETUSER ann -get");
    stage.run(stage.ann, "GET k");
    let info = stage.client_info();
    let Reply::Verbatim(_, list) = stage.run(stage.admin, &format!("CLIENT LIST ID {}", stage.ann.0)) else {
        panic!("no list")
    };
    assert_eq!(format!("{info}\n"), String::from_utf8(list).expect("text"));
    assert!(info.contains(" name=till ") && info.contains(" flags=T db=3 "), "{info}");
    assert!(info.contains(" watch=1 ") && info.contains(" cmd=get user=ann "), "{info}");
    stage.exec_without("-set", &["SET k v", "PING"]);
    let info = stage.client_info();
    assert!(info.contains(" flags=xT db=3 ") && info.contains(" multi=2 watch=0 "), "{info}");
    assert!(info.contains(" cmd=exec user=ann "), "{info}");
}
