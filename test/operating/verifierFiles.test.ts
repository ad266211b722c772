// Files to run a verifier with: they name what is there, and give it no more rights than it needs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { expect } from "chai";
import { parse } from "yaml";
import { bundleVerifier } from "../../scripts/bundle-verifier.ts";
import { linear } from "../evidence/model/onnx.ts";

const RUN = "services/verifier/run";
const read = (path: string) => readFileSync(path, "utf8");
/** What an operator puts there; git does not know it. */
const OPERATORS_OWN = ["verifier.json", "verifier.keystore.json", "keystore.password", "database.password"];

describe("files to run a verifier with", () => {
  const dockerfile = read(join(RUN, "Dockerfile"));
  const port = /EXPOSE \d+ (\d+)/.exec(dockerfile)![1]!;
  const guide = read("docs/operating/verifier.md");

  it("Dockerfile: copies what is there, builds with a command that there is, and ends without rights", () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, rest]) => rest!.split(/\s+/).slice(0, -1));
    for (const source of sources) expect(existsSync(source), source).to.equal(true);
    const scripts = JSON.parse(read("package.json")).scripts as Record<string, string>;
    for (const [, script] of dockerfile.matchAll(/npm run ([\w-]+)/g)) expect(scripts).to.have.property(script!);
    for (const [, from] of dockerfile.matchAll(/^FROM (.+)$/gm)) expect(from).to.match(/^node:\d+-[a-z]+-slim( AS \w+)?$/);
    expect(dockerfile)
      .to.match(/^USER node$/m)
      .and.include(`http://127.0.0.1:${port}/healthz`);
  });

  it("the example has the ports that the image exposes, and the files that the guide makes", () => {
    const { listen, http, key } = JSON.parse(read("services/verifier/config.example.json"));
    expect(dockerfile).to.include(`EXPOSE ${listen.port} ${http.port}`);
    expect(guide).to.include(`new-key ${key.keystore} --password-file ${key.passwordFile}`);
  });

  it("compose.yaml: mounts what is there or the guide names, gives few rights, names every version", () => {
    const { services, secrets, volumes } = parse(read(join(RUN, "compose.yaml")));
    const mounts = Object.values<any>(services).flatMap((service) => (service.volumes as string[]) ?? []);
    const named = [...mounts.map((mount) => mount.split(":")[0]!), ...Object.values<any>(secrets).map(({ file }) => file)];
    for (const file of named.filter((one) => one.startsWith("."))) {
      const name = file.replace("./", "");
      if (OPERATORS_OWN.includes(name)) expect(guide).to.include(name);
      else expect(existsSync(normalize(join(RUN, file))), file).to.equal(true);
    }
    for (const name of named.filter((one) => !one.startsWith("."))) expect(volumes).to.have.property(name);
    expect(services.verifier).to.deep.include({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    for (const [name, service] of Object.entries<any>(services)) {
      if (service.build === undefined) expect(service.image, name).to.match(/:v?\d+\.\d+(\.\d+)?$/);
      for (const open of service.ports ?? []) expect(open).to.match(/^127\.0\.0\.1:/);
    }
    const { scrape_configs } = parse(read(join(RUN, "prometheus.yml")));
    expect(scrape_configs[0].static_configs[0].targets).to.deep.equal([`verifier:${port}`]);
  });

  it("ftns-verifier.service: checks before it runs, as nobody in particular, and systemd takes it where it is at hand", () => {
    const unit = read(join(RUN, "ftns-verifier.service"));
    const values = (name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value!);
    expect(values("ExecStartPre")[0]).to.include("check-config");
    expect(values("ExecStart")[0]).to.include("main.mjs run");
    expect(values("Environment")).to.deep.equal([]);
    for (const name of ["DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices"])
      expect(values(name), name).to.deep.equal(["yes"]);
    expect(values("ProtectSystem")).to.deep.equal(["strict"]);
    const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", join(RUN, "ftns-verifier.service")], {
      encoding: "utf8",
    });
    if (error === undefined) expect([status, stderr]).to.deep.equal([0, ""]);
  });
});

describe("bundled verifier", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "ftns-bundle-"));
  before(() => bundleVerifier(folder));
  after(() => rmSync(folder, { recursive: true }));

  it("is a folder that runs with nothing beside it", () => {
    expect(readdirSync(folder)).to.include.members(["main.mjs", "compute-thread.mjs", "data-thread.mjs", "model-thread.mjs"]);
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["main.mjs", ...args], { cwd: folder, encoding: "utf8", env: {} });
    const { status, stdout } = run("--help");
    expect(stdout).to.include("check-config").and.include("run");
    expect(status).to.equal(0);
    const wrong = run("status", "--config", "nowhere.json");
    expect(wrong.stderr).to.include("nowhere.json does not exist").and.include("config.example.json");
    expect(wrong.status).to.equal(2);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".mjs")))
      expect(read(join(folder, file))).to.not.include("./worker.ts");
  });

  it("runs models in its own thread", async () => {
    const worker = new Worker(join(folder, "model-thread.mjs"), {
      workerData: { model: linear([1, 0, 0, 1], [0, 0]), inputs: Float32Array.of(2, 1), width: 2, classes: 2 },
    });
    const [{ outputs }] = (await once(worker, "message")) as [{ outputs: Float32Array }];
    expect([...outputs]).to.deep.equal([2, 1]);
    await worker.terminate();
  });
});
