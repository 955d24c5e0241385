// Reads a LookML project with lookml-parser, and says how many files, views and Explores its model has.
//
// Usage: read_lookml.js FOLDER

const { parseFiles } = require("lookml-parser");

const count = (objects) => Object.keys(objects ?? {}).length;

async function main(folder) {
  // Its warnings are about the project, not about its syntax, but none is expected either.
  const warnings = [];
  const warn = (...words) => warnings.push(words.join(" "));
  const console = { ...globalThis.console, warn, error: warn };
  const project = await parseFiles({ source: "**/*.lkml", cwd: folder, console });
  const errors = (project.errors ?? []).map(({ $file_path, error }) => `${$file_path}: ${error}`);
  const problems = [...errors, ...(project.warnings ?? []), ...warnings];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const model = project.model.peloton;
  process.stdout.write(`${count(project.file)} files, ${count(model.view)} views, ${count(model.explore)} explores\n`);
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
