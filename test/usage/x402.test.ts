// A real x402 client pays a real Hono server out of a channel on a real chain: what is charged, claimed and distributed adds up.
import { x402Client } from "@x402/core/client";
import { decodePaymentRequiredHeader, decodePaymentResponseHeader, encodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import { wrapFetchWithPayment } from "@x402/fetch";
import { expect } from "chai";
import { Hono } from "hono";
import { channelIdOf, claimOf, type ChannelTerms } from "@ftns/sdk/usage.ts";
import {
  type ChannelRecord,
  ChannelScheme,
  type ChannelSight,
  chargedOf,
  type Layers,
  MemoryStore,
  networkOf,
  OperatorDesk,
  paidByChannel,
  partsOf,
  PayerChannel,
  paymentToJson,
  PRICE_PARTS,
  type Quote,
  readQuote,
  receiptFromJson,
} from "@ftns/usage";
import { contribute } from "../contributors/fixture.ts";
import { FTNS, HOUR, NOTICE, stateOf, termsOf, type Usage, usageFixture, W } from "./fixture.ts";

const MOST: Layers = [40n, 40n, 40n, 40n, 40n];
const URL_ = "http://operator.test/ask";

describe("paying by x402", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  let u: Usage;
  before(async () => {
    fixture = await usageFixture();
  });
  beforeEach(async () => {
    u = await fixture.fresh();
  });

  interface ServerOptions {
    readonly store?: MemoryStore;
    readonly freshMs?: number;
    readonly quotes?: Map<string, Quote>;
  }

  /** An operator whose service uses as many units as it is asked for. */
  async function serve({ store = new MemoryStore(), freshMs = 0, quotes = new Map() }: ServerOptions = {}) {
    const look = async (channelId: string): Promise<ChannelSight> => {
      const { deposited, claimed, leavesAt } = await u.channels.channelOf(channelId);
      return { deposited, claimed, leavesAt, allotted: await u.prices.allottedTo(channelId) };
    };
    const desk = new OperatorDesk({
      operator: u.operator.address,
      signer: u.operator,
      place: u.place,
      store,
      look,
      clock: () => performance.now(),
      freshMs,
    });
    const app = new Hono();
    const quoteOf = async (payer: string) => {
      const day = await u.clock.today();
      const kept = quotes.get(payer);
      if (kept !== undefined && kept.day === day) return kept;
      const quote = await readQuote(u.prices, payer);
      quotes.set(payer, quote);
      return quote;
    };
    app.use(
      "/ask",
      paidByChannel({
        desk,
        operator: u.operator.address,
        chainId: u.chainId,
        channels: u.addresses.usageChannels,
        wrapper: u.addresses.wrapper,
        quoteOf,
        listQuote: () => quoteOf(u.stranger.address),
        most: MOST,
        description: "five layers",
      }),
    );
    app.onError((fault, context) => context.text(String(fault), 500));
    let waiting: Promise<void> = Promise.resolve();
    app.post("/ask", async (context) => {
      const { units, fail, silent } = await context.req.json<{ units?: number[]; fail?: boolean; silent?: boolean }>();
      await waiting;
      if (fail === true) throw new Error("no answer today");
      if (silent !== true) context.set("used", { units: (units ?? [1, 2, 3, 4, 5]).map(BigInt) as unknown as Layers });
      return context.json({ answer: 42 });
    });
    const fetch = (async (input: Request | string | URL, init?: RequestInit) =>
      app.fetch(new Request(input, init))) as typeof globalThis.fetch;
    return {
      desk,
      store,
      fetch,
      quoteOf,
      hold: (until: Promise<void>) => {
        waiting = until;
      },
    };
  }

  type Server = Awaited<ReturnType<typeof serve>>;

  const payerOf = (terms = u.terms, allotted = 0n) => new PayerChannel({ terms, place: u.place, signer: u.key, allotted });

  function clientOf(
    server: Pick<Server, "fetch">,
    channels: readonly PayerChannel[],
    faults: Error[] = [],
    lostAfterMs = 60_000,
  ) {
    const client = new x402Client()
      .register(networkOf(u.chainId), new ChannelScheme(channels, { onFault: (fault) => faults.push(fault), lostAfterMs }))
      .setSpendControls({
        allowedAssets: [{ network: networkOf(u.chainId), asset: u.addresses.wrapper, maxAmountPerPayment: String(W) }],
      });
    return wrapFetchWithPayment(server.fetch, client);
  }

  const ask = (body: object = {}) => ({
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const open = (terms: ChannelTerms = u.terms, amount = 100n * W) => u.channels.connect(u.alice).deposit(terms, amount);
  const claimAll = async ({ desk }: Server) => u.channels.connect(u.stranger).claimMany(u.operator, await desk.claims());

  it("asks whoever brings nothing for a payment, and says how much at most", async () => {
    const server = await serve();
    const response = await server.fetch(URL_, ask());
    expect(response.status).to.equal(402);
    const { accepts, x402Version } = decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED")!);
    expect(x402Version).to.equal(2);
    const quote = await server.quoteOf(u.stranger.address);
    expect(accepts).to.have.length(1);
    expect(accepts[0]).to.deep.include({
      scheme: "ftns-channel",
      network: "eip155:31337",
      asset: u.addresses.wrapper,
      payTo: u.operator.address,
    });
    expect(BigInt(accepts[0]!.amount) * PRICE_PARTS >= partsOf(MOST, quote.prices)).to.equal(true);
  });

  it("P442: 1,000 requests out of one channel: receipts, claim, burn, royalties and pool add up to the unit", async function () {
    this.timeout(300_000);
    await open();
    const server = await serve({ freshMs: 600_000 });
    const channel = payerOf();
    const faults: Error[] = [];
    const pay = clientOf(server, [channel], faults);
    let units: Layers = [0n, 0n, 0n, 0n, 0n];
    for (let i = 0; i < 1_000; i++) {
      const used = [i % 7, (i * 3) % 11, 1, i % 2, 40 - (i % 41)];
      units = units.map((sum, layer) => sum + BigInt(used[layer]!)) as unknown as Layers;
      const response = await pay(URL_, ask({ units: used }));
      expect(response.status).to.equal(200);
    }
    expect(faults).to.deep.equal([]);
    const { receipts } = server.store;
    const quote = await server.quoteOf(u.alice.address);
    const due = partsOf(units, quote.prices) / PRICE_PARTS;
    expect(receipts).to.have.length(1_000);
    expect(receipts.reduce((sum, { receipt }) => sum + receipt.charged, 0n)).to.equal(due);
    expect(channel.charged).to.equal(due);

    await claimAll(server);
    expect((await stateOf(u, u.terms)).claimed).to.equal(due);
    await u.router.distribute(u.operator);
    const operator = await u.wrapper.balanceOf(u.operator);
    expect(operator).to.equal(due / 20n);
    expect(await u.router.royaltiesHeld()).to.equal(((due - operator) * 2n) / 10n);
    const [told] = await u.router.queryFilter(u.router.filters.Distributed(), -1);
    const { amount, operatorPart, royalties, burned, pooled } = told!.args;
    expect(amount).to.equal(due);
    expect([operatorPart, royalties]).to.deep.equal([operator, await u.router.royaltiesHeld()]);
    expect(burned * 7n).to.be.within(pooled - 14n, pooled);
    await u.channels.connect(u.alice).giveNotice(u.terms);
    await u.clock.pass(NOTICE);
    await u.channels.withdraw(u.terms);
    expect(await u.wrapper.balanceOf(u.alice)).to.equal(10_000n * W - due);
  });

  it("P442: eight channels side by side serve in parallel, each counted by itself", async () => {
    const all = Array.from({ length: 8 }, (_, i) => termsOf(u.alice, u.operator, u.key, BigInt(i)));
    for (const terms of all) await open(terms, W);
    const server = await serve({ freshMs: 600_000 });
    const channels = all.map((terms) => payerOf(terms));
    const pay = clientOf(server, channels);
    const answers = await Promise.all(Array.from({ length: 80 }, () => pay(URL_, ask())));
    expect(answers.every(({ status }) => status === 200)).to.equal(true);
    expect(channels.map(({ state }) => state.requests)).to.deep.equal(all.map(() => 10n));
    await claimAll(server);
    for (const [i, terms] of all.entries()) expect((await stateOf(u, terms)).claimed).to.equal(channels[i]!.charged);
  });

  it("P443: a request that fails, or uses nothing, is not charged; one channel serves one at a time", async () => {
    await open();
    const server = await serve();
    const channel = payerOf();
    const pay = clientOf(server, [channel], [], 20);
    expect((await pay(URL_, ask({ fail: true }))).status).to.equal(500);
    expect((await pay(URL_, ask({ silent: true }))).status).to.equal(200);
    expect(channel.charged).to.equal(0n);
    expect(server.store.receipts).to.have.length(0);

    let go!: () => void;
    server.hold(new Promise((resolve) => (go = resolve)));
    const first = send(server, await channel.pay(W));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await send(server, await channel.pay(W));
    expect(reasonOf(second)).to.equal("channel_busy");
    go();
    expect((await first).status).to.equal(200);
    expect(server.store.receipts).to.have.length(1);
  });

  it("P443: refuses another's voucher, too little, an empty channel, one that leaves, and nonsense", async () => {
    await open();
    const server = await serve();
    const channel = payerOf();
    const refused = async (payment: Awaited<ReturnType<PayerChannel["pay"]>>, why: string) => {
      const response = await send(server, payment);
      expect(response.status).to.equal(402);
      expect(reasonOf(response)).to.equal(why);
    };
    const good = await channel.pay(W);
    const forger = new PayerChannel({ terms: u.terms, place: u.place, signer: u.stranger });
    await refused(await forger.pay(W), "voucher_not_signed");
    await refused({ ...good, cumulative: good.cumulative + 1n }, "voucher_not_signed");
    await refused({ ...good, signature: `0x${"00".repeat(65)}` }, "voucher_not_signed");
    await refused(await channel.pay(1n), "voucher_too_low");
    await refused(await payerOf({ ...u.terms, operator: u.other.address }).pay(W), "another_operator");
    await refused(await payerOf({ ...u.terms, salt: 9n }).pay(W), "deposit_too_small");
    await u.channels.connect(u.alice).giveNotice(u.terms);
    await refused(good, "channel_leaves");
    await u.channels.connect(u.alice).withdrawNotice(u.terms);
    expect((await send(server, good)).status).to.equal(200);
    for (const header of ["", "!!!", btoa("null"), btoa("{}")]) {
      const response = await server.fetch(URL_, { ...ask(), headers: { "PAYMENT-SIGNATURE": header } });
      expect(response.status, header).to.equal(402);
    }
  });

  it("P443: what an operator holds can be claimed after a crash; a lost answer costs one request, and is found again", async () => {
    await open();
    const store = new MemoryStore();
    const server = await serve({ store });
    const channel = payerOf();
    await clientOf(server, [channel])(URL_, ask());
    // The answer to this one never reaches the client.
    expect((await send(server, await channel.pay(W))).status).to.equal(200);
    const behind = channel.charged;
    // The operator's process is another one now, with the same store.
    const again = await serve({ store });
    const most = (await channel.pay(0n)).cumulative;
    expect(most).to.equal(behind);
    const pay = clientOf(again, [channel]);
    expect((await pay(URL_, ask())).status).to.equal(200);
    expect(channel.state.requests).to.equal(3n);
    const last = store.receipts.at(-1)!;
    expect(last.receipt.cumulative).to.equal(channel.charged);
    await claimAll(again);
    expect((await stateOf(u, u.terms)).claimed).to.equal(channel.charged);
    await again.desk.noteClaimed(channelIdOf(u.terms));
    expect(await again.desk.claims()).to.deep.equal([]);
  });

  it("P443: an operator that charges too much is found out, and gets at most what was signed for", async () => {
    await open();
    const store = new MemoryStore();
    const server = await serve({ store });
    const cheat: Pick<Server, "fetch"> = {
      fetch: (async (input: Request, init?: RequestInit) => {
        const response = await server.fetch(input, init);
        const header = response.headers.get("PAYMENT-RESPONSE");
        if (header === null) return response;
        const answer = decodePaymentResponseHeader(header);
        const { receipt } = receiptFromJson(answer.extra!["receipt"]);
        const more = { ...(answer.extra!["receipt"] as object), charged: String(receipt.charged + 1n) };
        const headers = new Headers(response.headers);
        headers.set("PAYMENT-RESPONSE", btoa(JSON.stringify({ ...answer, extra: { ...answer.extra, receipt: more } })));
        return new Response(response.body, { status: response.status, headers });
      }) as typeof globalThis.fetch,
    };
    const faults: Error[] = [];
    const channel = payerOf();
    await clientOf(cheat, [channel], faults)(URL_, ask());
    expect(faults.map(String)).to.have.length(1);
    expect(faults[0]!.message).to.match(/not signed by the operator/);
    expect(channel.charged).to.equal(0n);
    const record = (await store.load(channel.channelId)) as ChannelRecord;
    const claim = claimOf(u.terms, record.cumulative, record.signature, 1_000n * W);
    await u.channels.claimMany(u.operator, [claim]);
    expect((await stateOf(u, u.terms)).claimed).to.equal(record.cumulative);
    expect(record.cumulative < W).to.equal(true);
  });

  it("P444: a discount is given as long as the allotment lasts; 02:00 brings another quote, in one count", async () => {
    await open();
    const proving = {
      ...u,
      verifiers: u.people.verifiers,
      place: { chainId: u.chainId, verifyingContract: u.addresses.registry },
    };
    await contribute(proving, u.alice, 60n);
    await u.prices.connect(u.alice).allotDiscount(u.terms, FTNS / 100n);
    const server = await serve();
    const channel = payerOf(u.terms, FTNS / 100n);
    const pay = clientOf(server, [channel]);
    const quote = await server.quoteOf(u.alice.address);
    expect(quote.discounted[0]! < quote.prices[0]!).to.equal(true);
    const used: Layers = [40n, 40n, 40n, 40n, 40n];
    const asNumbers = { units: [40, 40, 40, 40, 40] };
    // 0.02 FTNS a request; the discount of 1 - 1/1.3 = 0.0046 FTNS fits twice.
    for (let i = 0; i < 3; i++) expect((await pay(URL_, ask(asNumbers))).status).to.equal(200);
    const expected = 2n * partsOf(used, quote.discounted) + partsOf(used, quote.prices);
    expect(channel.state.parts).to.equal(expected);
    expect(channel.state.discount <= FTNS / 100n).to.equal(true);

    await u.prices.connect(u.people.governor).setContextMultiplier(12n * 10n ** 17n);
    await u.clock.toDaysAhead(1n, HOUR);
    expect((await pay(URL_, ask(asNumbers))).status).to.equal(200);
    const next = await server.quoteOf(u.alice.address);
    expect(next.day).to.equal(quote.day + 1n);
    expect(channel.state.parts).to.equal(expected + partsOf(used, next.prices));
    await claimAll(server);
    expect((await stateOf(u, u.terms)).claimed).to.equal(chargedOf(channel.state));
  });

  /** A request with `payment`, past the client. */
  async function send({ fetch }: Pick<Server, "fetch">, payment: Awaited<ReturnType<PayerChannel["pay"]>>) {
    const response = await fetch(URL_, ask());
    const { accepts } = decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED")!);
    const payload: PaymentPayload = { x402Version: 2, accepted: accepts[0]!, payload: paymentToJson(payment) };
    const headers = { "content-type": "application/json", "PAYMENT-SIGNATURE": encodePaymentSignatureHeader(payload) };
    return fetch(URL_, { ...ask(), headers });
  }

  const reasonOf = (response: Response) => decodePaymentResponseHeader(response.headers.get("PAYMENT-RESPONSE")!).errorReason;
});
