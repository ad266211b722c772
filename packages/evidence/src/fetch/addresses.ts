// Which addresses are somebody's private network, or no single host's: a verifier must not be made to ask its own neighbours.
import { BlockList, isIP } from "node:net";

const PRIVATE_4: readonly [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
/** Only 2000::/3 is given out to hosts; inside it are ranges that carry or wrap other addresses. */
const GLOBAL_6: readonly [string, number] = ["2000::", 3];
const SPECIAL_6: readonly [string, number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const private4 = new BlockList();
for (const [net, bits] of PRIVATE_4) private4.addSubnet(net, bits, "ipv4");
const global6 = new BlockList();
global6.addSubnet(...GLOBAL_6, "ipv6");
const special6 = new BlockList();
for (const [net, bits] of SPECIAL_6) special6.addSubnet(net, bits, "ipv6");

/** Whether `ip` is a single host's on the public network. An IPv4 address inside an IPv6 one is not. */
export function isPublicAddress(ip: string): boolean {
  if (isIP(ip) === 4) return !private4.check(ip, "ipv4");
  if (isIP(ip) === 6 && !ip.includes("%")) return global6.check(ip, "ipv6") && !special6.check(ip, "ipv6");
  return false;
}

/** The network that a host is in: hosts of one network count as one place. */
export function networkOf(ip: string): string {
  if (isIP(ip) === 4) return ip.split(".").slice(0, 3).join(".");
  const [head = "", tail = ""] = ip.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const zeros = Array<string>(Math.max(0, 8 - groups(head).length - groups(tail).length)).fill("0");
  const all = ip.includes("::") ? [...groups(head), ...zeros, ...groups(tail)] : groups(ip);
  return all
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
