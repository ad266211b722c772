// Signs as a command does, and kills who asks for a signature under a contribution, after it was made and before it is told, where the
// file "kill" lies beside it. Argument: the folder.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SigningKey } from "ethers";

const { digest, typedData } = JSON.parse(readFileSync(0, "utf8"));
const order = join(process.argv[2], "kill");
const { serialized } = new SigningKey(process.env.VERIFIER_KEY).sign(digest);
if (existsSync(order) && typedData.primaryType === "Contribution") {
  rmSync(order);
  process.kill(process.ppid, "SIGKILL");
} else process.stdout.write(JSON.stringify({ signature: serialized }));
