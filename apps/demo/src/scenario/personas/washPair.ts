import type { PersonaFactory } from "../persona.ts";

/** Two fresh wallets of one owner. Activity is lent by contributors, out of what their proofs filled: neither has any to lend. */
export const washPair: PersonaFactory = ({ treasury, wanda, walt }) => ({
  id: "wash",
  name: "Wanda & Walt",
  title: "two wallets washing coins",
  story:
    "One owner, two fresh wallets: 20,000 FTNS go back and forth every day to look busy, though neither wallet has proven anything that it could lend the other.",
  holds: "FTNS",
  wallets: [wanda, walt],
  async prepare(stage) {
    await stage.pay(treasury, wanda, "25000");
    await stage.pay(treasury, walt, "25000");
  },
  async act(day, stage) {
    const [from, to] = day % 2 === 0 ? [wanda, walt] : [walt, wanda];
    await stage.pay(from, to, "20000");
  },
});
