// Runs compiler.py on a folder in Pyodide's CPython: `node compiler.mjs pyodide.mjs FILE BUILD`.
import { readFileSync } from "node:fs";

const [module, script, build] = process.argv.slice(2);
const { loadPyodide } = await import(module);
const python = await loadPyodide();
python.mountNodeFS("/build", build);
python.runPython('import sys; sys.argv[1:] = ["/build"]');
try {
  python.runPython(readFileSync(script, "utf8"));
} catch (failure) {
  console.error(failure.message);
  process.exit(1);
}
