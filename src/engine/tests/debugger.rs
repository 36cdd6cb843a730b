//! A script gone through step by step: where it stands, what its variables hold, what it has sent, and that nobody else
//! sees anything of it.

use playground_engine::{Debugger, Engine, Options, Reply, SessionId, Step, parse, print};

fn stage(lines: &[&str]) -> (Engine, SessionId) {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    for line in lines {
        engine.execute(session, words(line));
    }
    (engine, session)
}

fn words(line: &str) -> Vec<Vec<u8>> {
    parse::split_line(line.as_bytes()).expect("a whole line")
}

fn eval(script: &str, rest: &str) -> Vec<Vec<u8>> {
    let mut argv = vec![b"EVAL".to_vec(), script.as_bytes().to_vec()];
    argv.extend(words(rest));
    argv
}

fn locals(debugger: &Debugger) -> Vec<String> {
    debugger.view().locals.iter().map(|local| format!("{} = {}", local.name, local.value)).collect()
}

fn lines(debugger: &mut Debugger, step: Step) -> Vec<u32> {
    let mut lines = Vec::new();
    while let Some(line) = debugger.view().line {
        lines.push(line);
        debugger.step(step);
    }
    lines
}

const TRANSFER: &str = "local from, to = KEYS[1], KEYS[2]
local amount = tonumber(ARGV[1])
local left = tonumber(redis.call('GET', from))
if left < amount then
  return redis.error_reply('POOR too little')
end
redis.call('DECRBY', from, amount)
redis.call('INCRBY', to, amount)
return left - amount";

#[test]
fn each_line_shows_what_it_has_done() {
    let (mut engine, session) = stage(&["SET ann 10", "SET bob 1"]);
    let argv = eval(TRANSFER, "2 ann bob 4");
    let mut debugger = engine.debug(session, argv.clone()).expect("it begins");
    let view = debugger.view();
    assert_eq!((view.line, view.keys.len(), &view.argv[..]), (Some(1), 2, &[b"4".to_vec()][..]));
    assert!(view.sent.is_empty() && view.locals.is_empty());
    debugger.step(Step::Into);
    assert_eq!(debugger.view().line, Some(2));
    assert_eq!(locals(&debugger), ["from = \"ann\"", "to = \"bob\""]);
    debugger.step(Step::Into);
    debugger.step(Step::Into);
    assert_eq!(debugger.view().line, Some(4));
    assert_eq!(locals(&debugger), ["from = \"ann\"", "to = \"bob\"", "amount = 4", "left = 10"]);
    let sent = debugger.view().sent.back().expect("a command").clone();
    assert_eq!((sent.line, sent.argv, sent.reply), (Some(3), words("GET ann"), Reply::bulk("10")));
    assert!(sent.events.is_empty());
    assert_eq!(lines(&mut debugger, Step::Into), [4, 7, 8, 9]);
    let view = debugger.view();
    assert_eq!(view.reply, Some(Reply::Integer(6)));
    let changed: Vec<String> = debugger
        .events()
        .map(|event| format!("{} {}", event.kind.name(), String::from_utf8_lossy(&event.key)))
        .collect();
    assert_eq!(changed, ["incrby ann", "incrby bob"]);
    assert_eq!(view.sent.iter().map(|sent| sent.line).collect::<Vec<_>>(), [Some(3), Some(7), Some(8)]);
    let get = |engine: &mut Engine| engine.execute(session, words("MGET ann bob")).reply;
    let here = get(&mut engine);
    assert_eq!(print::redis_cli(&here), "1) \"10\"\n2) \"1\"\n", "nobody else sees anything of it");
    assert_eq!(engine.execute(session, argv).reply, Reply::Integer(6), "the engine does the same");
    assert_eq!(print::redis_cli(&get(&mut engine)), "1) \"6\"\n2) \"5\"\n");
}

#[test]
fn functions_are_stepped_into_or_over() {
    let script = "local function double(n)\n  local twice = n * 2\n  return twice\nend\nlocal sum = 0\nfor i = 1, 2 do\n  \
        sum = sum + double(i)\nend\nreturn sum";
    let (engine, session) = stage(&[]);
    let begin = || engine.debug(session, eval(script, "0")).expect("it begins");
    let mut debugger = begin();
    assert_eq!(lines(&mut debugger, Step::Over), [4, 5, 6, 7, 6, 7, 6, 9]);
    assert_eq!(debugger.view().reply, Some(Reply::Integer(6)));
    let mut debugger = begin();
    for _ in 0..5 {
        debugger.step(Step::Into);
    }
    assert_eq!(debugger.view().line, Some(3));
    assert_eq!(locals(&debugger), ["n = 1", "twice = 2"]);
    let names: Vec<_> = debugger.view().calls.iter().map(|call| call.name.clone()).collect();
    assert_eq!(names, [Some("double".to_string()), None]);
    debugger.run_to(&[9]);
    assert_eq!((debugger.view().line, locals(&debugger).pop()), (Some(9), Some("sum = 6".to_string())));
    debugger.step(Step::End);
    assert_eq!(debugger.view().reply, Some(Reply::Integer(6)));
    debugger.step(Step::Into);
    assert_eq!(debugger.view().line, None);
}

#[test]
fn what_ends_at_once_says_why() {
    let (engine, session) = stage(&["RPUSH list x"]);
    let debugger = engine.debug(session, eval("return (", "0")).expect("it begins");
    let Some(Reply::Error(error)) = &debugger.view().reply else { panic!("{:?}", debugger.view()) };
    assert!(error.to_string().starts_with("ERR Error compiling script"), "{error}");
    let mut debugger = engine
        .debug(session, eval("redis.call('INCR', 'n')\nredis.call('INCR', 'list')", "0"))
        .expect("it begins");
    debugger.step(Step::End);
    let view = debugger.view();
    assert!(matches!(&view.reply, Some(Reply::Error(error)) if error.to_string().starts_with("WRONGTYPE")));
    assert_eq!(view.sent.len(), 2);
    assert!(view.instructions > 10, "those of the last step count, too: {}", view.instructions);
    assert!(view.sent[1].reply.is_error() && view.sent[1].events.is_empty());
    for line in ["GET k", "SCRIPT LOAD x", "EVAL", "NOSUCH"] {
        assert!(engine.debug(session, words(line)).is_err(), "{line}");
    }
}

#[test]
fn functions_of_libraries_and_known_scripts_show_their_text() {
    let library = "#!lua name=lib\nlocal n = 5\nredis.register_function('f', function(keys, args)\n  n = n + 1\n  \
        return {n, args[1]}\nend)";
    let (mut engine, session) = stage(&[]);
    engine.execute(session, vec![b"FUNCTION".to_vec(), b"LOAD".to_vec(), library.as_bytes().to_vec()]);
    let mut debugger = engine.debug(session, words("FCALL f 0 x")).expect("it begins");
    assert_eq!((debugger.source(), debugger.view().line), (library.as_bytes(), Some(4)));
    assert_eq!(locals(&debugger), ["keys = {}", "args = {\"x\"}"]);
    let caught = &debugger.view().caught;
    assert_eq!((&caught[0].name[..], &caught[0].value[..]), ("n", "5"));
    debugger.step(Step::Into);
    assert_eq!(debugger.view().caught[0].value, "6");
    let sha = engine.execute(session, words("SCRIPT LOAD 'return 1'")).reply;
    let Reply::Bulk(sha) = sha else { panic!("{sha:?}") };
    let argv = vec![b"EVALSHA".to_vec(), sha, b"0".to_vec()];
    assert_eq!(engine.debug(session, argv).expect("it begins").source(), b"return 1");
}

#[test]
fn an_endless_script_can_be_stepped_and_dropped() {
    let (engine, session) = stage(&[]);
    let mut debugger =
        engine.debug(session, eval("local i = 0\nwhile true do\n  i = i + 1\nend", "0")).expect("it begins");
    debugger.step(Step::End);
    assert!(debugger.view().reply.is_none() && debugger.view().instructions >= 2_000_000);
    debugger.run_to(&[99]);
    assert!(debugger.view().line.is_some());
}
