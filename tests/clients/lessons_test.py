"""The redis-py code of the lessons does what the lessons say, against a server of the playground.

usage: lessons_test.py PORT

What a lesson's code leaves to the reader (a database, a card to charge) is handed in by a part below, which calls the
functions and looks at what has come of it on the server. A lesson's part is a function with the name of its file, and
stands in PARTS.
"""

import contextlib
import hashlib
import io
import json
import sys
import time

# No folder of compiled files beside the scripts.
sys.dont_write_bytecode = True

import redis
from lesson_code import Enough, check_waits, in_background, lives, monitor, once_blocked, play_all, r, raises
from lesson_code import time_is_up, unreachable, until, until_blocked

DAY = 24 * 3600


def pairs(ranking):
    return [tuple(pair) for pair in ranking]


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


def job_queue(lesson):
    code, sent = lesson.run(), []

    def send(job):
        assert r.lrange("mail:doing:w1", 0, -1) == [job], "kept until it is done"
        lives("mail:alive:w1", 60, 60)
        r.expire("mail:alive:w1", 10)
        sent.append(job)
        if job == "5":
            raise Enough

    # What w1 had in hand when it died, the oldest on the right.
    r.rpush("mail:doing:w1", "2", "1")
    code.enqueue("3")
    code.enqueue("4")
    with monitor() as commands:
        worked = in_background(code.work, "w1", send)
        until_blocked()
        check_waits(commands(), code.r.patience)
    assert sent == ["1", "2", "3", "4"] and r.exists("mail:doing:w1", "mail:queue") == 0
    lives("mail:alive:w1", 60, 60)
    r.expire("mail:alive:w1", 10)
    time_is_up()
    until(lambda: r.ttl("mail:alive:w1") > 10)
    code.enqueue("5")
    raises(Enough, worked)
    assert r.smembers("mail:workers") == {"w1"}
    r.sadd("mail:workers", "w2")
    r.rpush("mail:doing:w2", "7", "6")
    code.enqueue("8")
    code.reap()
    assert r.lrange("mail:queue", 0, -1) == ["8", "7", "6"]
    assert r.lrange("mail:doing:w1", 0, -1) == ["5"], "w1 is alive"
    r.delete("mail:alive:w1")
    code.reap()
    assert r.lrange("mail:queue", 0, -1) == ["8", "7", "6", "5"]


def job_stream(lesson):
    code, sent, orders = lesson.run(), [], [str(n) for n in range(26)]
    r.xgroup_create("mail:jobs", "mailers", "0", mkstream=True)

    def pending():
        return r.xpending_range("mail:jobs", "mailers", "-", "+", 99)

    def age(ms):
        for job in pending():
            r.xclaim("mail:jobs", "mailers", job["consumer"], 0, [job["message_id"]], idle=ms, justid=True)

    def work(wanted):
        sent.clear()
        code.work("w1", sent.append)
        assert sent == wanted, sent

    def die(order):
        raise Enough

    with monitor() as commands:
        for order in orders[:12]:
            code.enqueue(order)
        assert [command.count(" MAXLEN ~ 100000 ") for command in commands() if "XADD" in command] == [1] * 12
        work(orders[:10])
        work(orders[10:12])
        sent.clear()
        once_blocked(time_is_up, code.work, "w1", sent.append)
        once_blocked(lambda: code.enqueue("12"), code.work, "w1", sent.append)
        assert sent == ["12"]
        check_waits(commands(), code.r.patience)
    assert pending() == []
    for order in orders[13:25]:
        code.enqueue(order)
    for _ in range(2):
        raises(Enough, code.work, "w2", die)
    code.enqueue(orders[25])
    age(50_000)
    work(orders[25:])
    age(60_000)
    raises(Enough, code.work, "w3", die)
    books = [(job["consumer"], job["times_delivered"]) for job in pending()]
    assert books == [("w3", 2)] * 10 + [("w2", 1)] * 2
    age(60_000)
    work(orders[13:23])
    work(orders[23:25])
    assert pending() == []


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


def not_a_queue(lesson):
    code, packed, heard = lesson.run(), [], []

    def hear(order):
        heard.append(order["order"])

    def fail_at_black(order):
        if order["order"] == "black":
            raise Enough
        hear(order)

    with monitor() as commands:
        code.place("green", 480)
        sent = commands()
        assert [command.split()[0] for command in sent] == ["MULTI", "LPUSH", "XADD", "EXEC"], "both or none"
        assert " MAXLEN ~ 100000 " in sent[2]
        code.place("black", 520)
        entries = r.xrange("orders:log")
        wanted = [{"order": "green", "cents": "480"}, {"order": "black", "cents": "520"}]
        assert [order for _, order in entries] == wanted
        raises(Enough, code.read_on, "stock", fail_at_black)
        assert r.get("orders:seen:stock") == entries[0][0], "noted after the work"
        code.pack_next(packed.append)
        code.pack_next(packed.append)
        once_blocked(time_is_up, code.pack_next, packed.append)
        once_blocked(lambda: code.place("mint", 390), code.pack_next, packed.append)
        code.read_on("stock", hear)
        once_blocked(time_is_up, code.read_on, "stock", hear)
        once_blocked(lambda: code.place("white", 610), code.read_on, "stock", hear)
        check_waits(commands(), code.r.patience)
    assert packed == ["green", "black", "mint"]
    assert heard == ["green", "black", "mint", "white"]
    assert r.lrange("orders:todo", 0, -1) == ["white"]
    for n in range(100):
        code.place(f"{n}", n)
    heard.clear()
    code.read_on("accounts", hear)
    assert len(heard) == 100 and heard[:4] == ["green", "black", "mint", "white"]
    code.read_on("accounts", hear)
    assert len(heard) == 104 and heard[-1] == "99"


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


def pub_sub(lesson):
    code, shown = lesson.run(), []

    def show(price):
        shown.append(price)
        if price == "0":
            raise Enough

    def sent(*names):
        return [command for command in commands() if command.split()[0] in names]

    r.set("price:tea", "4.50")
    with monitor() as commands:
        listened = in_background(code.listen, "tea", show)
        until(lambda: shown == ["4.50"])
        assert sent("SUBSCRIBE", "GET") == ["SUBSCRIBE prices:tea", "GET price:tea"]
        code.change("tea", "4.80")
        assert sent("SET", "PUBLISH") == ["SET price:tea 4.80", "PUBLISH prices:tea 4.80"]
    until(lambda: shown == ["4.50", "4.80"])
    code.change("milk", "1.20")
    # While nobody listens, the price is changed.
    r.set("price:tea", "5.20")
    assert r.client_kill_filter(_type="pubsub") == 1
    until(lambda: shown == ["4.50", "4.80", "5.20"])
    code.change("tea", "0")
    raises(Enough, listened)
    until(lambda: r.pubsub_numsub("prices:tea") == [("prices:tea", 0)])


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


PARTS = [big_values, cache_aside, durability, eviction, expiry, feature_flags, job_queue, job_stream, leaderboard, lock]
PARTS += [lost_update, names, not_a_queue, out_of_memory, pipelines, precomputed_view, pub_sub, rate_limiter]
PARTS += [right_type, serialisation, session_store, time_series, unbounded]

play_all(PARTS)
