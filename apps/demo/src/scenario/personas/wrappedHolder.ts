import { MaxUint256, parseEther } from "ethers";
import type { PersonaFactory } from "../persona.ts";

export const wrappedHolder: PersonaFactory = ({ treasury, wim }) => ({
  id: "wrapped",
  name: "Wim",
  title: "the wFTNS holder",
  story: "Wrapped 50,000 FTNS on the day of launch, so that his balance stands still. The demurrage shows in the share price.",
  holds: "wFTNS",
  wallets: [wim],
  async prepare(stage) {
    const { token, wrapped, addresses } = stage.economy;
    await stage.pay(treasury, wim, "50000");
    await wim.send(token.approve.populateTransaction(addresses.wrapped, MaxUint256));
    await wim.send(wrapped.deposit.populateTransaction(parseEther("50000"), wim.address));
  },
});
