//! What a program asks its host for, wherever it stands when it asks, and how the host goes on with it.

mod support;

use playground_lua::{Flow, Limits, Signal, Value, Vm};
use support::{results, text};

/// Runs a program in whose globals `ask` asks the host: it answers with the words it is given, in reverse, and fails where
/// the first is `fail`. Tells how it ended and how often it asked.
fn run(source: &str, piece: u64) -> (Vec<String>, usize) {
    let mut vm = Vm::new(Limits::default());
    let ask = vm.native(|_| Ok(Flow::Host), &[]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "ask", ask);
    let function = vm.load(source.as_bytes(), b"=script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    let mut asked = 0;
    loop {
        match vm.run(piece) {
            Signal::Paused => {}
            Signal::Done => return (results(&mut vm), asked),
            Signal::Failed(error) => return (vec![format!("failed: {}", text(&mut vm, error))], asked),
            Signal::Aborted(abort) => panic!("{abort:?}"),
            Signal::Host => {
                asked += 1;
                let (function, words) = vm.request().expect("what it asks");
                assert!(function.raw_equals(ask));
                let words: Vec<Value> = words.iter().rev().copied().collect();
                match words.last().copied() {
                    Some(word) if text(&mut vm, word) == "fail" => {
                        let error = Value::Str(vm.heap().string(b"no"));
                        vm.fail(error);
                    }
                    _ => vm.answer(&words),
                }
            }
        }
    }
}

#[test]
fn a_program_asks_from_anywhere_and_goes_on() {
    for (source, expected, times) in [
        ("return ask(1, 'b', true)", &["true", "b", "1"][..], 1),
        ("return select('#', ask())", &["0"], 1),
        ("local t = {} for i = 1, 3 do t[i] = ask(i) + 1 end return unpack(t)", &["2", "3", "4"], 3),
        ("return pcall(ask, 'fail')", &["false", "no"], 1),
        ("return ask('fail')", &["failed: no"], 1),
        (
            "return xpcall(function() ask('fail') end, function(e) return ask(e .. '!') end)",
            &["false", "no!"],
            2,
        ),
        (
            "local f = coroutine.wrap(function(x) coroutine.yield(ask(x)) return ask('z') end) return f('y'), f()",
            &["y", "z"],
            2,
        ),
        (
            "local ok, e = coroutine.resume(coroutine.create(function() ask('fail') end)) return ok, e",
            &["false", "no"],
            1,
        ),
        (
            "local t = {3, 1, 2} table.sort(t, function(a, b) return ask(a < b) end) return unpack(t)",
            &["1", "2", "3"],
            2,
        ),
        ("return (('abc'):gsub('.', function(c) return ask(c .. c) end))", &["aabbcc"], 3),
        ("return setmetatable({}, {__index = function(_, k) return ask(k) end}).x", &["x"], 1),
        ("return tostring(setmetatable({}, {__tostring = function() return ask('me') end}))", &["me"], 1),
        (
            "return setmetatable({}, {__lt = ask}) < setmetatable({}, {}) or 1",
            &["failed: script:1: attempt to compare two table values"],
            0,
        ),
    ] {
        for piece in [u64::MAX, 1, 3] {
            let (ended, asked) = run(source, piece);
            assert_eq!(ended, expected, "{source}, in pieces of {piece}");
            assert_eq!(asked, times, "{source}");
        }
    }
}

#[test]
fn a_copy_answers_for_itself() {
    let mut vm = Vm::new(Limits::default());
    let ask = vm.native(|_| Ok(Flow::Host), &[]);
    let globals = vm.globals();
    vm.heap().set_field(globals, "ask", ask);
    let function = vm.load(b"local t = {ask()} return t[1], #t", b"=script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    assert!(matches!(vm.run(100), Signal::Host));
    let mut copy = vm.clone();
    vm.answer(&[Value::Number(1.0)]);
    copy.answer(&[Value::Number(2.0), Value::Number(3.0)]);
    assert!(matches!((vm.run(100), copy.run(100)), (Signal::Done, Signal::Done)));
    assert_eq!(
        (results(&mut vm), results(&mut copy)),
        (vec!["1".into(), "1".into()], vec!["2".into(), "2".into()])
    );
}

/// A pause is no moment at which garbage is collected: a program that looks at its memory could tell the size of the pieces.
#[test]
fn no_program_can_tell_when_it_was_paused() {
    let source = "local a = string.sub(string.rep((((('x'):rep(100000) .. '') .. gcinfo()) .. gcinfo()) .. gcinfo(), 0), 1) \
                  local seen = {} for i = 1, 200 do local t = {i} seen[#seen + 1] = gcinfo() end \
                  return table.concat(seen, ' ')";
    let (whole, _) = run(source, u64::MAX);
    for piece in [1, 2, 3, 7, 50] {
        assert_eq!(run(source, piece).0, whole, "in pieces of {piece}");
    }
}
