"""The redis-py code of lessons, out of their Markdown, to be run; and ways to look at what comes of it on the server.

The code is executed as it is, in a process in which `redis.Redis` connects to the test's server: its port is what the
script is called with. Knows nothing of what any lesson shows.
"""

import contextlib
import faulthandler
import pathlib
import re
import sys
import threading
import time
import traceback
import types

import redis

LESSONS = pathlib.Path(__file__).resolve().parents[2] / "www" / "scenarios"
FENCE = re.compile(r"^```python redis-py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = int(sys.argv[1])
Plain = redis.Redis
r = Plain(port=PORT, decode_responses=True)


class Redis(Plain):
    """What a lesson gets for redis.Redis: the server of the test stands where a reader's own does. A busy machine is
    given more time than a lesson gives its Redis."""

    def __init__(self, *positional, **named):
        own = Plain(*positional, **named).connection_pool.connection_kwargs
        # For how many seconds a reader's own waits for an answer.
        self.patience = own["socket_timeout"]
        super().__init__(*positional, **{"port": PORT, **named, "socket_timeout": 20})


def unreachable():
    return Plain(port=1, socket_timeout=0.2, retry=None)


class Lesson:
    """The code of one lesson."""

    def __init__(self, name):
        self.path = LESSONS / f"{name}.md"
        self.text = self.path.read_text(encoding="utf-8")
        self.fences = list(FENCE.finditer(self.text))

    def run(self, **stand_ins):
        """Executes the code among the stand-ins; gives what is defined then, by name, to read and to replace."""
        code = types.SimpleNamespace(**stand_ins)
        for fence in self.fences:
            # A traceback shows the lines of the lesson.
            before = "\n" * self.text.count("\n", 0, fence.start(1))
            exec(compile(before + fence[1], str(self.path), "exec"), vars(code))
        return code


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def until(condition):
    """Waits for what another thread does."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


class Enough(Exception):
    """Raised by a stand-in to end code, also such as goes on for ever."""


def in_background(function, *arguments):
    """Calls what takes its time, in a thread. The function that is given back waits for the end, and gives or raises
    what came of it."""
    ended = []

    def run():
        try:
            ended.append((function(*arguments), None))
        except Enough as error:
            ended.append((None, error))
        except BaseException as error:
            # The test may be waiting for what does not come any more, and not for the end.
            traceback.print_exc()
            ended.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join():
        thread.join(timeout=20)
        assert ended, "it does not end"
        result, error = ended[0]
        if error:
            raise error
        return result

    return join


def lives(key, least, most):
    """Whether a key has so many seconds left; it may be two seconds since it was given them."""
    left = r.ttl(key)
    assert least - 2 <= left <= most, f"{key}: {left} s"


def until_blocked():
    """Waits until a client waits in the server."""
    until(lambda: r.info("clients")["blocked_clients"] > 0)


def time_is_up():
    """Ends the wait of the client that waits in the server, or soon will, as its own time-out does."""
    until(lambda: any(r.client_unblock(int(client["id"])) for client in r.client_list() if "b" in client["flags"]))


def once_blocked(act, function, *arguments):
    """Calls what comes to wait in the server, and acts when it does."""
    ended = in_background(function, *arguments)
    until_blocked()
    act()
    return ended()


@contextlib.contextmanager
def monitor():
    """Looks on. The function that is given tells which commands were sent since it was last called; those by which a
    client introduces itself are left out."""
    with r.monitor() as stream:

        def commands():
            r.echo("up to now")
            sent = iter(lambda: stream.next_command()["command"], "ECHO up to now")
            return [command for command in sent if command.split()[0] not in ("CLIENT", "HELLO")]

        yield commands


def check_waits(commands, patience):
    """Blocking commands wait for a while, and end before the client takes the silence for a broken connection."""
    waits = [int(found[1]) / 1000 for found in re.finditer(r" BLOCK (\d+)", "\n".join(commands))]
    waits += [float(command.split()[-1]) for command in commands if command.split()[0] in ("BLMOVE", "BRPOP")]
    assert waits and all(1 <= wait < patience for wait in waits), f"{waits}, and the client waits for {patience} s"


def check_background():
    heard = []

    def for_ever():
        while True:
            heard.append(1)
            if len(heard) == 3:
                raise Enough

    raises(Enough, in_background(for_ever))
    assert len(heard) == 3
    assert in_background(len, "four")() == 4


def play(name, part):
    """Plays one lesson on an empty server; what is wrong with it, or nothing."""
    r.flushall()
    r.config_set("maxmemory", 0)
    r.config_set("maxmemory-policy", "noeviction")
    r.config_resetstat()
    lesson = Lesson(name)
    if not lesson.fences:
        return f"{name}: it has no code for redis-py"
    try:
        part(lesson)
    except Exception:
        return f"{name}: {traceback.format_exc()}"
    return None


def play_all(parts):
    """Plays all lessons, each by the part with its name."""
    # Nothing here takes long: what hangs says where.
    faulthandler.dump_traceback_later(120, exit=True)
    redis.Redis = Redis
    check_background()
    parts = {part.__name__.replace("_", "-"): part for part in parts}
    lessons = sorted(path.stem for path in LESSONS.glob("*.md"))
    wrong = [f"{name}: it has no part in {sys.argv[0]}" for name in lessons if name not in parts]
    wrong += [f"{name}: there is no such lesson" for name in parts if name not in lessons]
    wrong += filter(None, (play(name, parts[name]) for name in lessons if name in parts))
    print(f"{len(parts)} lessons played")
    if wrong:
        sys.exit("\n".join(wrong))
