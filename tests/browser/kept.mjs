// What the page keeps in the browser's database, seen and changed from a test.

/** Everything that is kept, by key, as a list of pairs. */
export function kept(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open("redis-playground", 1);
    request.onerror = reject;
    request.onsuccess = () => {
      const store = request.result.transaction("work").objectStore("work");
      const [keys, values] = [store.getAllKeys(), store.getAll()];
      values.onsuccess = () => {
        request.result.close();
        resolve(keys.result.map((key, at) => [key, values.result[at]]));
      };
    };
  }));
}

/** Puts values in the place of what is kept. */
export function put(page, pairs, { clear = false } = {}) {
  return page.evaluate(([pairs, clear]) => new Promise((resolve, reject) => {
    const request = indexedDB.open("redis-playground", 1);
    request.onerror = reject;
    request.onsuccess = () => {
      const transaction = request.result.transaction("work", "readwrite");
      const store = transaction.objectStore("work");
      if (clear) store.clear();
      for (const [key, value] of pairs) store.put(value, key);
      transaction.oncomplete = () => resolve(request.result.close());
    };
  }), [pairs, clear]);
}

/** Waits until a text is in what is kept. */
export async function untilKept(page, text) {
  for (let tries = 0; tries < 200; tries += 1) {
    const all = await kept(page);
    if (all.some(([key, value]) => typeof key === "number" && String(value).includes(text))) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`${text} was not kept`);
}

/** Loads the page again and waits until it can be used. */
export async function reload(page) {
  await page.reload();
  await page.locator("#prompt").waitFor({ state: "attached" });
}

/** What a page would have kept after so many commands, a multiple of 500. */
export function work(commands) {
  const chunks = Array.from({ length: commands / 500 }, (_, chunk) => {
    const lines = Array.from({ length: 500 }, (_, n) => `> SET k${chunk * 500 + n} v\n`).join("");
    return [chunk, `${chunk === 0 ? "redis-playground 1\nseed 0\nstart 1767225600000\n" : ""}@session main\n${lines}`];
  });
  return [...chunks, ["meta", `version 1\nchunks ${chunks.length}\nclock stopped 1\nshown main\n`]];
}
