"""The redis-py code of the lessons does what the lessons say, against a server of the playground.

usage: lessons_test.py PORT

The code is taken out of the Markdown and executed as it is. What it leaves to the reader (a database, a card to charge)
is handed in by a part below, which calls the functions and looks at what has come of it on the server. A lesson's part
is a function with the name of its file, and stands in PARTS.
"""

import contextlib
import faulthandler
import hashlib
import io
import json
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
DAY = 24 * 3600


class Redis(Plain):
    """What a lesson gets for redis.Redis: the server of the test stands where a reader's own does. A busy machine is
    given more time than a lesson gives its Redis."""

    def __init__(self, *positional, **named):
        super().__init__(*positional, **{"port": PORT, **named, "socket_timeout": 20})


class Lesson:
    """The code of one lesson."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.fences = list(FENCE.finditer(self.text))

    def run(self, **stand_ins):
        """Executes the code among the stand-ins; gives what is defined then, by name, to read and to replace."""
        code = types.SimpleNamespace(**stand_ins)
        for fence in self.fences:
            # A traceback shows the lines of the lesson.
            before = "\n" * self.text.count("\n", 0, fence.start(1))
            exec(compile(before + fence[1], str(self.path), "exec"), vars(code))
        return code


class Enough(Exception):
    """Raised by a stand-in to end code that goes on for ever."""


def in_background(function, *arguments):
    """Runs what goes on for ever, in a thread; the function that is given back waits until it had enough."""
    ended = []

    def run():
        try:
            function(*arguments)
            ended.append("it came to an end by itself")
        except Enough:
            ended.append(None)
        except BaseException:
            ended.append(traceback.format_exc())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join():
        thread.join(timeout=20)
        assert ended, "it does not end"
        assert ended[0] is None, ended[0]

    return join


def until(condition):
    """Waits for what another thread does."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


def lives(key, least, most):
    """Whether a key has so many seconds left; it may be two seconds since it was given them."""
    left = r.ttl(key)
    assert least - 2 <= left <= most, f"{key}: {left} s"


def pairs(ranking):
    return [tuple(pair) for pair in ranking]


def unreachable():
    return Plain(port=1, socket_timeout=0.2, retry=None)


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def big_values(lesson):
    code = lesson.run()
    assert code.add("ann", "tea", 2) == 2
    assert code.add("ann", "tea", 3) == 5
    assert code.add("ann", "cup", 1) == 1
    assert code.cart("ann") == {"tea": 5, "cup": 1}
    assert code.cart("bob") == {}
    lives("cart:ann", 30 * DAY, 30 * DAY)
    wanted = [f"order {n}" for n in range(1203)]
    r.rpush("orders:ann", *wanted)
    assert list(code.orders("orders:ann")) == wanted
    assert list(code.orders("orders:bob")) == []


def cache_aside(lesson):
    products, asked = {7: {"name": "tea"}}, []

    def load_from_database(id):
        asked.append(id)
        return products.get(id)

    code = lesson.run(load_from_database=load_from_database, save_to_database=products.__setitem__)
    assert [code.get_product(7) for _ in range(2)] == [{"name": "tea"}] * 2
    assert [code.get_product(8) for _ in range(2)] == [None] * 2
    assert asked == [7, 8], "the second time is a hit, also for what there is not"
    lives("product:7", 3600, 4200)
    lives("product:8", 60, 60)
    code.change_product(7, {"name": "green tea"})
    assert r.exists("product:7") == 0
    assert code.get_product(7) == {"name": "green tea"}


def durability(lesson):
    orders = []

    class Shop:
        def insert_order(self, item, number):
            if item == "nothing":
                raise ValueError(item)
            orders.append((item, number))

        def orders_in_pieces(self):
            return [orders[:2], orders[2:]]

    code, db = lesson.run(), Shop()
    for item, number in [("tea", 2), ("cup", 3), ("tea", 4), ("pot", 1)]:
        code.sell(db, item, number)
    raises(ValueError, code.sell, db, "nothing", 1)
    assert r.zscore("best:sellers", "tea") == 6 and r.zscore("best:sellers", "nothing") is None
    assert code.best(2) is None, "not ready"
    r.delete("best:sellers")
    r.zadd("best:sellers:new", {"left over": 9})
    code.rebuild(db)
    assert pairs(code.best(1)) == [("tea", 6)]
    assert pairs(code.best(9)) == [("tea", 6), ("cup", 3), ("pot", 1)]
    assert r.exists("best:sellers:new") == 0
    code.r = unreachable()
    code.sell(db, "tea", 1)
    assert orders[-1] == ("tea", 1), "sold without Redis"


def eviction(lesson):
    code = lesson.run()

    def look():
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code.look_at_cache()
        return printed.getvalue().splitlines()

    warnings = ["no limit: set maxmemory", "nothing is evicted: this is no cache"]
    assert look() == warnings
    r.set("tea", 1)
    r.mget("tea", "tea", "tea", "cup")
    assert look() == [*warnings, "75.0 % hits, 0 evicted"]
    r.config_set("maxmemory", "100mb")
    r.config_set("maxmemory-policy", "allkeys-lru")
    assert look() == ["75.0 % hits, 0 evicted"]


def expiry(lesson):
    code = lesson.run()
    code.remember("code:ann", "1234", 1000)
    assert r.get("code:ann") == "1234"
    lives("code:ann", 1000, 1100)
    for n in range(20):
        code.remember("code:bob", n, 3)
        lives("code:bob", 3, 3)
    r.expire("code:ann", 500)
    assert code.change("code:ann", "5678") is True
    assert r.get("code:ann") == "5678"
    lives("code:ann", 500, 500)
    assert code.change("code:cyn", "1") is False and r.exists("code:cyn") == 0
    assert code.use("code:ann", 2000) == "5678"
    lives("code:ann", 2000, 2000)
    assert code.use("code:cyn", 2000) is None


def feature_flags(lesson):
    code = lesson.run()
    users = [f"user {n}" for n in range(200)]

    def on(flag):
        return [user for user in users if code.is_on(flag, user)]

    assert on("new-checkout") == [] and on("dark-mode") == users
    r.hset("flags:prod", mapping={"new-checkout": 25})
    assert on("new-checkout") == [], "not read yet"
    code.refresh()

    def bucket(user):
        return int.from_bytes(hashlib.sha1(f"new-checkout:{user}".encode()).digest()[:4], "big") % 100

    assert on("new-checkout") == [user for user in users if bucket(user) < 25] != []
    assert on("dark-mode") == users, "by default"
    code.r = unreachable()
    code.refresh()
    assert len(on("new-checkout")) > 0, "what was known is kept"


def leaderboard(lesson):
    code = lesson.run()
    for player, points in [("ann", 10), ("bob", 20), ("cyn", 30), ("dan", 40), ("eve", 50)]:
        assert code.add_points(r, "lb", player, points) == points
    assert code.add_points(r, "lb", "ann", 15) == 25
    assert pairs(code.top(r, "lb", 2)) == [("eve", 50), ("dan", 40)]
    assert [player for player, _ in code.top(r, "lb")] == ["eve", "dan", "cyn", "ann", "bob"]
    assert [player for player, _ in code.around(r, "lb", "ann", 1)] == ["cyn", "ann", "bob"]
    assert [player for player, _ in code.around(r, "lb", "eve")] == ["eve", "dan", "cyn"]
    assert code.around(r, "lb", "nobody") == []
    r.zadd("many", {f"player {n}": n for n in range(20)})
    assert len(code.top(r, "many")) == 10


def lock(lesson):
    charged = []

    def charge(invoice):
        assert 28_000 < r.pttl("lock:invoice:7") <= 30_000
        charged.append(invoice)

    code = lesson.run(charge=charge)
    assert charged == [7] and r.exists("lock:invoice:7") == 0
    token = code.take("door", 5000)
    assert r.get("lock:door") == token and len(token) == 32
    assert 3000 < r.pttl("lock:door") <= 5000
    assert code.take("door", 5000) is None
    assert code.release("door", "another") is False and r.exists("lock:door") == 1
    assert code.release("door", token) is True and r.exists("lock:door") == 0
    assert code.release("door", token) is False
    # Held by somebody else: the card is not charged.
    r.set("lock:invoice:7", "another")
    lesson.run(charge=charge)
    assert charged == [7]


def lost_update(lesson):
    code = lesson.run()
    r.set("stock:tea", 10)
    assert code.take("tea", 7) is True
    assert code.take("tea", 4) is False
    assert r.get("stock:tea") == "3"
    assert code.take("tea", 3) is True and r.get("stock:tea") == "0"
    assert code.take("cup", 1) is False and r.exists("stock:cup") == 0


def names(lesson):
    code = lesson.run()
    assert code.cart(7) == "cart:user:7"
    for user in range(1203):
        code.put(user, "tea", 2)
    assert r.hgetall("cart:user:7") == {"tea": "2"}
    r.set("cart:usual", 1)
    code.forget("cart:user:")
    assert r.keys("*") == ["cart:usual"]
    code.forget("nothing:")
    assert r.keys("*") == ["cart:usual"]


def out_of_memory(lesson):
    code = lesson.run()
    assert code.fullness() is None
    r.config_set("maxmemory", "100mb")
    assert 0 < code.fullness() < 1
    assert code.put_order("1 tea") is True
    r.set("big", "x" * 2_000_000)
    r.config_set("maxmemory", "1mb")
    assert code.fullness() > 1
    assert code.put_order("2 cups") is False
    r.config_set("maxmemory", 0)
    assert r.lrange("queue:orders", 0, -1) == ["1 tea"]
    r.set("queue:orders", "no list")
    raises(redis.ResponseError, code.put_order, "3 teas")


def pipelines(lesson):
    code = lesson.run()
    code.write({f"item {n}": n for n in range(1203)})
    assert r.dbsize() == 1203
    lives("price:item 1202", DAY, DAY)
    assert code.read(["item 3", "nothing", "item 1202"]) == {"item 3": "3", "nothing": None, "item 1202": "1202"}
    code.offer("tea", 3, 4)
    assert r.mget("price:tea", "before:tea") == ["3", "4"]
    lives("before:tea", DAY, DAY)


def precomputed_view(lesson):
    code = lesson.run()
    r.hset("user:1", "name", "Ann")
    for post, title in enumerate(["Green", "Black", "White"]):
        r.hset(f"post:{post}", mapping={"title": title, "author": 1})
        r.zadd("posts:tea", {str(post): post})
    r.sadd("post:2:replies", 5, 6)
    assert code.page(9)[0] == {"title": "White", "by": "Ann", "replies": 2}, "a card that is missing is made"
    code.refresh("1", "2")
    assert sorted(r.hkeys("view:tea:cards")) == ["1", "2"]
    assert json.loads(r.hget("view:tea:cards", "2"))["replies"] == 2
    r.hset("post:2", "title", "Yellow")
    assert [card["title"] for card in code.page(2)] == ["White", "Black"], "not refreshed yet"
    code.refresh("2")
    assert [card["title"] for card in code.page(3)] == ["Yellow", "Black", "Green"]
    r.delete("posts:tea")
    assert code.page(2) == []


def rate_limiter(lesson):
    code = lesson.run()
    assert [code.may_send("555") for _ in range(7)] == [True] * 5 + [False] * 2
    lives("limit:codes:555", 3600, 3600)
    assert code.may_send("556") is True
    r.expire("limit:codes:555", 100)
    assert code.may_send("555") is False
    lives("limit:codes:555", 100, 100)


def right_type(lesson):
    code = lesson.run()
    for day, player, points in [("1", "ann", 5), ("1", "bob", 7), ("1", "ann", 4), ("1", "cyn", 1), ("2", "ann", 1)]:
        code.played(day, player, points)
    assert r.smembers("online:1") == {"ann", "bob", "cyn"}
    assert set(code.came_back("1", "2")) == {"ann"}
    assert pairs(code.best("1", 1)) == [("ann", 9)]
    assert pairs(code.best("1", 5)) == [("ann", 9), ("bob", 7), ("cyn", 1)]
    lives("online:1", 30 * DAY, 30 * DAY)
    lives("points:1", 30 * DAY, 30 * DAY)
    r.expire("points:1", 100)
    code.played("1", "cyn", 1)
    lives("points:1", 100, 100)


def serialisation(lesson):
    code = lesson.run()
    code.save("7", "Ann", "Lee", 250)
    assert json.loads(r.get("customer:7")) == {"v": 2, "given": "Ann", "family": "Lee", "cents": 250}
    assert code.load("7") == {"given": "Ann", "family": "Lee", "cents": 250}
    assert code.load("8") is None
    r.set("customer:8", '{"v":1,"name":"Bob van Dam","cents":5}')
    assert code.load("8") == {"given": "Bob", "family": "van Dam", "cents": 5}
    r.set("customer:8", '{"v":3}')
    assert "version 3" in str(raises(ValueError, code.load, "8"))


def session_store(lesson):
    code = lesson.run()
    id = code.log_in("ann")
    assert id != code.log_in("ann") and len(id) >= 32
    assert r.hgetall(f"session:{id}") == {"user": "ann", "cart": "0"}
    lives(f"session:{id}", 1800, 1800)
    r.expire(f"session:{id}", 100)
    assert code.session(id) == {"user": "ann", "cart": "0"}
    lives(f"session:{id}", 1800, 1800)
    assert code.session("nobody's") is None


def time_series(lesson):
    code = lesson.run()
    noon = 1_750_000_000 // 3600 * 3600
    assert code.bucket(3, 0) == "oven:3:1970-01-01T00"
    for at, degrees in [(noon - 10, 180), (noon, 181), (noon + 10, 181), (noon + 3600, 179)]:
        code.record(3, at, degrees)
    assert r.zrange(code.bucket(3, noon), 0, -1) == [f"{noon}:181", f"{noon + 10}:181"]
    lives(code.bucket(3, noon), 7 * DAY, 7 * DAY)
    assert code.window(3, noon - 10, noon + 9) == [f"{noon - 10}:180", f"{noon}:181"]
    assert code.window(3, noon + 1, noon + 3600) == [f"{noon + 10}:181", f"{noon + 3600}:179"]
    assert code.window(4, noon, noon + 3600) == []


def unbounded(lesson):
    code = lesson.run()
    for n in range(1003):
        code.log("shop", f"line {n}")
    lines = r.lrange("log:shop", 0, -1)
    assert len(lines) == 1000 and lines[0] == "line 1002" and lines[-1] == "line 3"
    r.zadd("online:recent", {"bob": int(time.time()) - 301, "cyn": int(time.time()) - 200})
    code.seen("ann")
    assert r.zrange("online:recent", 0, -1) == ["cyn", "ann"]
    lives("online:recent", 300, 300)
    code.EVENTS = 100
    for n in range(1000):
        code.happened({"n": n})
    assert 100 <= r.xlen("events") < 300
    assert r.xrevrange("events", count=1)[0][1] == {"n": "999"}


PARTS = [big_values, cache_aside, durability, eviction, expiry, feature_flags, leaderboard, lock, lost_update, names]
PARTS += [out_of_memory, pipelines, precomputed_view, rate_limiter, right_type, serialisation, session_store]
PARTS += [time_series, unbounded]

# Lessons whose code is not run yet.
NOT_YET = {"job-queue", "job-stream", "not-a-queue", "pub-sub"}


def check_background():
    heard = []

    def hear():
        heard.append(1)
        if len(heard) == 3:
            raise Enough

    def for_ever():
        while True:
            hear()

    in_background(for_ever)()
    assert len(heard) == 3
    raises(AssertionError, in_background(len, ()))


def play(name, part):
    """Plays one lesson on an empty server; what is wrong with it, or nothing."""
    r.flushall()
    r.config_set("maxmemory", 0)
    r.config_set("maxmemory-policy", "noeviction")
    r.config_resetstat()
    lesson = Lesson(LESSONS / f"{name}.md")
    if not lesson.fences:
        return f"{name}: it has no code for redis-py"
    try:
        part(lesson)
    except Exception:
        return f"{name}: {traceback.format_exc()}"
    return None


def main():
    check_background()
    parts = {part.__name__.replace("_", "-"): part for part in PARTS}
    lessons = sorted(path.stem for path in LESSONS.glob("*.md"))
    wrong = [f"{name}: it has no part in {__file__}" for name in lessons if name not in parts.keys() | NOT_YET]
    wrong += [f"{name}: there is no such lesson" for name in parts if name not in lessons]
    wrong += [f"{name}: it has a part, and is called one that is not run yet" for name in parts.keys() & NOT_YET]
    wrong += filter(None, (play(name, parts[name]) for name in lessons if name in parts))
    print(f"{len(parts)} lessons played")
    if wrong:
        sys.exit("\n".join(wrong))


# Nothing here takes long: what hangs says where.
faulthandler.dump_traceback_later(120, exit=True)
r = Plain(port=PORT, decode_responses=True)
redis.Redis = Redis
main()
