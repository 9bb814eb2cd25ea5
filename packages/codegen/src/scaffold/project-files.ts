/** The files around the sources: what makes a folder a project that runs, is tested, and goes into a container. All are the user's. */
import type { ScaffoldMethod } from "./methods.ts";

export interface ProjectFacts {
  /** What the service is called: a name that npm accepts. */
  readonly name: string;
  /** Of the packages of Kiteline. */
  readonly version: string;
  /** The options by which `kiteline` finds the IDL from the project, such as `--idl ../echo.thrift`. */
  readonly flags: string;
  /** Where packages of Kiteline come from, by name, if not from the registry. */
  readonly packages?: ReadonlyMap<string, string> | undefined;
  /** The IDL as seen from the project. */
  readonly idl: readonly string[];
  /** What it is written in. */
  readonly languages: { readonly thrift: boolean; readonly protobuf: boolean };
}

/** Those that run TypeScript as it is, and Kiteline. */
const NODE = ">=24";
/** Where the service listens unless told otherwise. */
const PORT = 8888;

/** The packages of Kiteline that a project imports. */
function runtimes({ thrift, protobuf }: ProjectFacts["languages"]): string[] {
  return [...(protobuf ? ["@kiteline/grpc", "@kiteline/protobuf"] : []), ...(thrift ? ["@kiteline/thrift"] : []), "kiteline"];
}

export function manifestText({ name, version, flags, languages, packages = new Map<string, string>() }: ProjectFacts): string {
  const wanted = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((each) => [each, packages.get(each) ?? `^${version}`]));
  const direct = ["@kiteline/cli", ...runtimes(languages)];
  const others = [...packages].filter(([each]) => !direct.includes(each));
  const manifest = {
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    engines: { node: NODE },
    // An older Node would say something about file extensions; so npm says what is the matter.
    devEngines: { runtime: { name: "node", version: NODE, onFail: "error" } },
    scripts: {
      start: "node src/main.ts",
      test: 'node --test "src/**/*.test.ts"',
      check: "tsc",
      gen: `kiteline new . ${flags}`,
    },
    dependencies: wanted(runtimes(languages)),
    devDependencies: { ...wanted(["@kiteline/cli"]), "@types/node": "^24.0.0", typescript: "^7.0.0" },
    // What those depend on in turn.
    ...(others.length === 0 ? {} : { overrides: Object.fromEntries(others) }),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** For editors and `npm run check`; Node runs the sources as they are. */
export function compilerText(): string {
  const options = {
    target: "ESNext",
    lib: ["ESNext"],
    module: "NodeNext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  };
  return `${JSON.stringify({ compilerOptions: options, include: ["src"] }, null, 2)}\n`;
}

/** A server of Protobuf also answers what tools and orchestrators ask of one. */
export function mainText({ name, languages }: ProjectFacts): string {
  const imports = [
    ...(languages.protobuf ? ['import { addHealth, addReflection } from "@kiteline/grpc";'] : []),
    'import { createServer } from "kiteline";',
    'import { addServices } from "./services.ts";',
  ];
  return `/** Starts the service: HOST and PORT say where it listens. Yours to change. */
${imports.join("\n")}

const server = addServices(createServer({ stopOn: ["SIGINT", "SIGTERM"] }));
${languages.protobuf ? "addHealth(server);\naddReflection(server);\n" : ""}const address = await server.listen({ host: process.env["HOST"], port: Number(process.env["PORT"] ?? ${PORT}) });
console.log(\`${name} listens on \${address}\`);
`;
}

export function dockerText(): string {
  return `FROM node:24-slim
WORKDIR /service
ENV NODE_ENV=production HOST=0.0.0.0 PORT=${PORT}
COPY package.json package-lock.json* ./
# Exactly what the lock names, if there is one.
RUN if [ -f package-lock.json ]; then npm ci --omit=dev; else npm install --omit=dev; fi
COPY src ./src
USER node
EXPOSE ${PORT}
# Room for what calls leave behind, so that it is not collected hundreds of times a second.
CMD ["node", "--min-semi-space-size=16", "src/main.ts"]
`;
}

/** `example` is a request of a method, which is named in full. */
export function readmeText(facts: ProjectFacts, methods: readonly ScaffoldMethod[], example: (method: string) => string): string {
  const { name, idl, flags } = facts;
  const [first] = methods.map((each) => each.method.fullName);
  const call = first === undefined ? "" : `npx kiteline call 127.0.0.1:${PORT} ${first} '${example(first)}' ${flags}`;
  const services = [...new Set(methods.map((each) => each.service.name))];
  const reflects = facts.languages.protobuf
    ? `\nIt has gRPC's health and reflection: \`npx kiteline call 127.0.0.1:${PORT}\` lists what it serves of Protobuf, without the IDL.\n`
    : "";
  return `# ${name}

Serves ${services.join(", ")} (${idl.map((path) => `[${path}](${path})`).join(", ")}) with Kiteline. Needs Node.js 24 or later.

| Command | What it does |
| --- | --- |
| \`npm install\` | once |
| \`npm start\` | serves on 127.0.0.1:${PORT}; the environment variables HOST and PORT say otherwise |
| \`npm test\` | calls every method |
| \`npm run check\` | checks types |
| \`npm run gen\` | follows the IDL |

While it runs, call it:

\`\`\`sh
${call}
\`\`\`
${reflects}
- \`src/methods\` has one file per method, and its test. They are yours.
- \`src/gen\` and \`src/services.ts\` are generated. When the IDL grows, \`npm run gen\` writes them again and adds files for new methods;
  nothing of yours is changed or removed.
- \`src/main.ts\` starts the server. \`Dockerfile\` makes a container of it:
  \`docker build -t ${name} . && docker run --rm -p ${PORT}:${PORT} ${name}\`.
`;
}
