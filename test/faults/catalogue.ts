/** Every fault that the suite tries, and what must hold in it. docs/operating/faults.md is made from this list. */
export const CATALOGUE = {
  "killed at a call": "cut off for ever before or after any one call; its successor does the job exactly once",
  "killed at a call, blocks come later": "the same while the transaction waits for its block",
  "process killed with SIGKILL": "real processes, killed around the sending; the next one does the job exactly once",

  "endpoint hangs": "alone: late; one of three: in time",
  "endpoint is slow": "in time",
  "endpoint answers 429 with Retry-After": "alone: late; one of three: in time",
  "endpoint answers 500 or 503": "alone: late; one of three: in time",
  "endpoint drops the connection": "before or after it passed the call on; done exactly once",
  "endpoint cuts its answer short": "done exactly once",
  "endpoint answers with a web page": "done exactly once",
  "endpoint answers with an error": "whether or not it passed the call on; done exactly once",
  "endpoint stopped at an old block": "nothing is decided on the past; one of three: in time",
  "endpoint names a block of the future": "nothing is decided on a made-up block; one of three: in time",
  "endpoint lies about what contracts say": "no wrong number is sent; one of three: in time",
  "endpoint swallows the transaction": "says yes and tells nobody; done exactly once",
  "endpoint passes the transaction on twice": "done exactly once",
  "all endpoints are down": "nothing is sent, the fault is told; done once they are back",
  "random faults at all three endpoints": "done exactly once, within a few looks",

  "transaction vanished from the pool": "sent again, done exactly once",
  "nonce gap": "a later nonce of the account waits already; done exactly once",
  "stuck transaction": "one that nobody takes blocks the account; replaced at its nonce, the job done exactly once",
  "another program sends from the account": "done exactly once",
  "reorganisation removes a done job": "noticed on the next look and done again, exactly once on the chain that stays",
  "reorganisation while a transaction waits": "done exactly once",
  "gas price above the cap": "nothing is sent above it; done once it falls",
  "gas price rises while a transaction waits": "no fee above the cap; done exactly once after it falls",
  "wallet empty": "nothing is sent, the account is named; done once it is filled",

  "two twins": "each job exactly once, nobody broken",
  "five twins": "each job exactly once, nobody broken",
  "five twins in one block": "one adjusts, the others lose a race, nobody broken",
  "two twins with one key": "each job exactly once",

  "keeper's clock is wrong": "a day off either way: decisions go by the chain's time",
  "chain's clock is wrong": "weeks ahead of the machine or behind it: done exactly once",

  "all market sources are down": "no report, the fault is told; goes on when they are back",
  "one of three sources lies by 10x": "the true price is reported",
  "two of five reporters are malicious": "lies by 10x, old, doubled, foreign and garbled reports: the true price is reported",
  "a reporter equivocates": "left out, the evidence logged; the true price is reported",

  "receivers of alerts fail": "jobs go on; health and metrics tell what is wrong, nothing secret in them or in any message",

  "disk full": "done exactly once without a journal, the loss is told",
  "state half written": "the journal is left aside; a transaction on its way is not sent a second time",
  "configuration half written": "refused at whatever byte it ends, nothing is sent",

  "two days of load": "five reporters and three keepers, every hour: less than 2 % of the transactions reverted, nothing missed",
  "72 hours of random faults":
    "all of the above at random, three keepers, a look every half hour: each day adjusted by the second look, covered for 80 %, no wrong price",
} as const;

export type FaultName = keyof typeof CATALOGUE;
