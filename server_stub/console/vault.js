// What this browser keeps between visits, in IndexedDB: the proctor's keys (CryptoKeys that cannot be read back),
// the institution root seen first. Called by app.js, store.js, commands.js.

const DATABASE = "proctor-console";
const SHELF = "kept";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Vault {
  #database = null;

  async open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF);
    this.#database = await settled(request);
  }

  get(name) {
    return settled(this.#database.transaction(SHELF).objectStore(SHELF).get(name));
  }

  put(name, value) {
    return settled(this.#database.transaction(SHELF, "readwrite").objectStore(SHELF).put(value, name));
  }

  remove(name) {
    return settled(this.#database.transaction(SHELF, "readwrite").objectStore(SHELF).delete(name));
  }
}
