/** What is in a folder, and what changed since the last look. Files are read again only when the file system says they changed. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Folder {
  readonly path: string;
  /** Whether it was there at the last look. */
  exists: boolean;
  /** By name. */
  readonly files: Map<string, FileState>;
  /** Names of files that changed, whatever their dates say; `true` for all. */
  touched: Set<string> | true;
}

export interface FileState {
  readonly text: string;
  /** Size, time and number of the file when it was read. */
  readonly stamp: string;
  /** For how many looks in a row it has been held back because it was being written, or empty all of a sudden; 0 when it counts. */
  readonly unsettled: number;
  /** For how many looks in a row it has been as it is. */
  readonly steady: number;
}

/** How many looks in a row a file may be held back at most: written to all the time it must not hold up the others for good. */
const MAX_HELD = 100;
/** How many looks an emptied file must have stayed so: long enough for a writer that a busy machine has wait in between. */
const MIN_EMPTY = 25;
/** Parsing takes seconds and hundreds of megabytes for a file beyond this, and nothing else happens meanwhile. Kubernetes' largest object has 1.5 MiB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export function newFolder(path: string): Folder {
  return { path, exists: false, files: new Map(), touched: true };
}

/** Looks; true when something is different. `complain` hears of files that cannot be read; they stay as they were. */
export async function readFolder(
  folder: Folder,
  extensions: readonly string[],
  complain: (file: string, error: unknown) => void,
): Promise<boolean> {
  const { touched } = folder;
  folder.touched = new Set();
  let names: string[] = [];
  let exists = true;
  try {
    names = await readdir(folder.path);
  } catch (error) {
    exists = false;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      complain(folder.path, error);
      return false;
    }
  }
  const wanted = new Set(names.filter((name) => !name.startsWith(".") && extensions.some((extension) => name.endsWith(extension))));
  let changed = exists !== folder.exists;
  folder.exists = exists;
  for (const name of folder.files.keys()) {
    if (wanted.has(name)) continue;
    folder.files.delete(name);
    changed = true;
  }
  for (const name of [...wanted].sort()) {
    const path = join(folder.path, name);
    try {
      const known = folder.files.get(name);
      const again = known === undefined || known.unsettled > 0 || touched === true || touched.has(name);
      const state = await readIfChanged(path, known, again);
      if (state === known) continue;
      folder.files.set(name, state);
      if (state.text !== known?.text || state.unsettled !== known.unsettled) changed = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") complain(path, error); // gone in between: the next look sees it
    }
  }
  return changed;
}

async function readIfChanged(path: string, known: FileState | undefined, again: boolean): Promise<FileState> {
  const before = await stampOf(path);
  if (known !== undefined && !again && before === known.stamp) return known;
  const text = await readFile(path, "utf8");
  const after = await stampOf(path);
  const held = known?.unsettled ?? 0;
  const steady = known?.stamp === after ? known.steady + 1 : 0;
  // Whoever writes a file in place makes it empty first.
  const emptied = text.trim() === "" && known !== undefined && (known.text.trim() !== "" || held > 0);
  const unsettled = (after !== before || (emptied && steady < MIN_EMPTY)) && held < MAX_HELD ? held + 1 : 0;
  return { text, stamp: after, unsettled, steady };
}

/** Throws for what is not to be read: what is no file may have no end, and a pipe that nobody writes to is never open. */
async function stampOf(path: string): Promise<string> {
  const stats = await stat(path, { bigint: true });
  if (!stats.isFile()) throw new Error("expected a file, got something else of that name, such as a folder or a pipe");
  const { size, mtimeNs, ino } = stats;
  if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, more than the ${MAX_FILE_BYTES} that are read: split it`);
  return `${size} ${mtimeNs} ${ino}`;
}
