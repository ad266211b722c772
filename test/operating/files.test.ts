import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect } from "chai";
import { HDNodeWallet, Mnemonic } from "ethers";
import { parseConfig } from "@ftns/keeper/config/load.ts";
import { parse } from "yaml";

const RUN = "services/keeper/run";
const read = (path: string) => readFileSync(path, "utf8");
/** What an operator puts there; git does not know it. */
const OPERATORS_OWN = ["keeper.json", "keeper.keystore.json", "keystore.password"];

describe("files to run a keeper with", () => {
  const dockerfile = read(join(RUN, "Dockerfile"));
  const instructions = dockerfile
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ name: line.split(" ", 1)[0]!, rest: line.slice(line.indexOf(" ") + 1).trim() }));
  const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
  const port = all("EXPOSE")[0]!;

  describe("the example of a configuration", () => {
    it("names the key and password files that the guide makes", () => {
      const guide = read("docs/operating/guide.md");
      const [, password] = /openssl rand -base64 24 > (\S+)/.exec(guide)!;
      const [, keystore] = /keeper new-key (\S+) --password-file/.exec(guide)!;
      const { account, jobs } = JSON.parse(read("services/keeper/config.example.json")) as {
        account: object;
        jobs: { "report-price": { reporters: { keystore: string; passwordFile: string }[] } };
      };
      expect(account).to.deep.equal({ keystore, passwordFile: password });
      const [reporter] = jobs["report-price"].reporters;
      expect(guide).to.include(`keeper import-key ${reporter!.keystore} --password-file ${reporter!.passwordFile}`);
    });
  });

  describe("the guide's keeper on a local node", () => {
    const section = read("docs/operating/guide.md").split("### On a local node")[1]!.split("\n## ")[0]!;
    it("has jobs that the keeper takes, and a market that it reads", () => {
      const { jobs, contracts, ...others } = JSON.parse(read("services/keeper/config.example.json"));
      // A local deployment has no market desk.
      const { desk: _, ...addresses } = contracts;
      const rest = { ...others, contracts: addresses };
      const [, json] = /```json\n([^`]+)```/.exec(section)!;
      const reporting = JSON.parse(`{${json}}`);
      for (const job of ["report-price", "record-price", "settle-dues", "fill-desk"]) delete jobs[job];
      const config = parseConfig({ ...rest, mode: "local", jobs: { ...reporting, ...jobs } });
      expect(config.jobs["report-price"]!.reporters).to.have.length(5);
      expect(section).to.include("the eight addresses").and.include("`desk`").and.include("`fill-desk`");
      expect(Object.keys(rest.contracts)).to.have.length(8);
      const [, market] = /echo "(\{.+\})" > market.json/.exec(section)!;
      const written = JSON.parse(market!.replaceAll("\\", "").replace("$(date +%s)", "1767225600"));
      expect(written).to.have.all.keys("price", "volume6h", "meanVolume6h", "txTotal", "txFailed", "sendersDay", "observedAt");
    });
    it("names the accounts of the node that are reporters there", () => {
      const [, first, last] = /Accounts (\d+) to (\d+) of the node are registered/.exec(section)!;
      const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
      const accounts = [];
      for (let index = Number(first); index <= Number(last); index++) {
        accounts.push(HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${index}`).address);
      }
      expect(JSON.parse(read("deploy/parameters.local.json")).priceFeed.reporters).to.include.members(accounts);
    });
  });

  describe("Dockerfile", () => {
    it("copies only what is there and what .dockerignore lets through", () => {
      const let_through = read(".dockerignore")
        .split("\n")
        .filter((line) => line.startsWith("!"))
        .map((line) => line.slice(1));
      const sources = all("COPY")
        .filter((rest) => !rest.startsWith("--from"))
        .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
      expect(sources).to.include("services").and.include("contracts");
      for (const source of sources) {
        expect(existsSync(source), `${source} does not exist`).to.equal(true);
        expect(let_through, source).to.include(source);
      }
    });
    it("builds with a command that package.json has", () => {
      const scripts = JSON.parse(read("package.json")).scripts as Record<string, string>;
      for (const [, script] of dockerfile.matchAll(/npm run ([\w-]+)/g)) expect(scripts).to.have.property(script!);
    });
    it("starts from named versions and ends without rights", () => {
      for (const from of all("FROM")) expect(from).to.match(/^node:\d+-[a-z]+-slim( AS \w+)?$/);
      expect(all("USER")).to.deep.equal(["node"]);
    });
    it("asks for its health at the port that it exposes, and sends nothing unless told to", () => {
      expect(all("HEALTHCHECK")[0]).to.include(`http://127.0.0.1:${port}/healthz`);
      expect(all("CMD").at(-1)).to.not.include("--send");
    });
  });

  describe("compose.yaml", () => {
    const { services, secrets, volumes } = parse(read(join(RUN, "compose.yaml")));
    const mounts = Object.values<any>(services).flatMap((service) => (service.volumes as string[]) ?? []);

    it("mounts only what is there, or what the guide tells the operator to make", () => {
      const guide = read("docs/operating/guide.md");
      const files = [...mounts.map((mount) => mount.split(":")[0]!), ...Object.values<any>(secrets).map(({ file }) => file)];
      for (const file of files.filter((one) => one.startsWith("."))) {
        const name = file.replace("./", "");
        if (OPERATORS_OWN.includes(name)) expect(guide).to.include(name);
        else expect(existsSync(normalize(join(RUN, file))), file).to.equal(true);
      }
      for (const name of mounts.map((mount) => mount.split(":")[0]!).filter((one) => !one.startsWith("."))) {
        expect(volumes).to.have.property(name);
      }
    });
    it("gives the keeper no more rights than it needs, and no secret by the environment", () => {
      const { keeper } = services;
      expect(keeper).to.deep.include({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
      expect(keeper).to.not.have.property("environment");
      expect(keeper.secrets).to.deep.equal(Object.keys(secrets));
    });
    it("names the version of every image, and shows pages to this machine alone", () => {
      for (const [name, service] of Object.entries<any>(services)) {
        if (service.build === undefined) expect(service.image, name).to.match(/:v?\d+\.\d+\.\d+$/);
        if (name !== "keeper") for (const open of service.ports) expect(open).to.match(/^127\.0\.0\.1:/);
      }
    });
  });

  describe("prometheus.yml", () => {
    const config = parse(read(join(RUN, "prometheus.yml")));
    it("scrapes the keeper where it listens, and reads the rules where compose.yaml puts them", () => {
      expect(config.scrape_configs[0].static_configs[0].targets).to.deep.equal([`keeper:${port}`]);
      const { prometheus } = parse(read(join(RUN, "compose.yaml"))).services;
      const folder = "/etc/prometheus/";
      for (const rule of config.rule_files) {
        expect(
          prometheus.volumes.some((mount: string) => mount.includes(`:${folder}${rule}:`)),
          rule,
        ).to.equal(true);
      }
    });
  });

  describe("grafana", () => {
    it("finds its data and its dashboard", () => {
      const { datasources } = parse(read(join(RUN, "grafana/datasources/prometheus.yaml")));
      const { services } = parse(read(join(RUN, "compose.yaml")));
      expect(new URL(datasources[0].url).hostname).to.be.oneOf(Object.keys(services));
      const { providers } = parse(read(join(RUN, "grafana/dashboards/keeper.yaml")));
      expect(services.grafana.volumes.some((mount: string) => mount.includes(`:${providers[0].options.path}/`))).to.equal(true);
    });
  });

  describe("ftns-keeper.service", () => {
    const unit = read(join(RUN, "ftns-keeper.service"));
    const values = (key: string) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value!);

    it("checks before it runs, sends, and keeps its password out of the environment", () => {
      expect(values("ExecStartPre")[0]).to.include("check-config");
      expect(values("ExecStart")[0]).to.include("run --send");
      expect(values("Environment")).to.deep.equal([]);
      expect(values("LoadCredential")).to.have.length(1);
    });
    it("runs as nobody in particular, and writes nowhere but in its own folder", () => {
      for (const key of ["DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices"])
        expect(values(key), key).to.deep.equal(["yes"]);
      expect(values("ProtectSystem")).to.deep.equal(["strict"]);
      expect(values("StateDirectory")).to.deep.equal(["ftns-keeper"]);
    });
    it("is a unit that systemd takes, where systemd is at hand", () => {
      const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", join(RUN, "ftns-keeper.service")], {
        encoding: "utf8",
      });
      if (error === undefined) expect([status, stderr]).to.deep.equal([0, ""]);
      expect(unit.match(/^\[\w+\]$/gm)).to.deep.equal(["[Unit]", "[Service]", "[Install]"]);
    });
  });
});

describe("runbooks", () => {
  const page = read("docs/operating/runbooks.md");
  const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(" ", "-"));

  it("has one for each thing that wakes an operator", () => {
    const needed = ["feed-down", "rpc-down", "stuck-nonce", "empty-wallet", "breaker-open", "reorg", "key-rotation"];
    expect(anchors).to.include.members(needed);
  });
  it("names settings, jobs and events that there are", () => {
    const known = [
      "packages/chain/src/transactions/types.ts",
      "docs/operating/settings.md",
      "docs/operating/verifier-settings.md",
    ]
      .map(read)
      .join("\n");
    const named = [...page.matchAll(/`([a-z]+\.[a-zA-Z]+|[a-z]+-[a-z]+)`/g)].map(([, name]) => name!);
    expect(named.length).to.be.greaterThan(10);
    for (const name of named) expect(known, name).to.include(name);
  });
  it("is led to by its own links", () => {
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor!);
    expect(anchors).to.include.members(links);
  });
});
