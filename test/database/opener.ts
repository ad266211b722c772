// A process that opens a database, says so, and stays until it is killed. Arguments: the server's folder, the database's name.
import { Database } from "@ftns/service/database/database.ts";
import { LocalServer } from "@ftns/service/database/server.ts";

const [folder, name] = process.argv.slice(2) as [string, string];
const server = new LocalServer(folder);
const database = await Database.open({ server, name }, [{ name: "one", sql: "CREATE TABLE notes (text text)" }]);
await database.query("INSERT INTO notes (text) VALUES ($1)", [String(process.pid)]);
process.stdout.write("open\n");
process.on("SIGTERM", () => void database.close().then(() => process.exit()));
setInterval(() => undefined, 60_000);
