// All plays, in the order of the page.
import { exitLadder, hundredBoxes, maturedExit } from "./exits.ts";
import { graceCarPark, graceRotation } from "./graces.ts";
import { dustWallets, finestDust, settlingEarly, wrapping } from "./hiding.ts";
import { idle } from "./idle.ts";
import { aiUser, busyShop, contributor, newcomer, shopOfStrangers } from "./people.ts";
import type { Play } from "./play.ts";
import { plainPair, wrappedPool } from "./pools.ts";
import {
  bestCommitments,
  dustCommitments,
  leastCommitments,
  liquidShares,
  outlivingCover,
  staking,
  yearsYieldAtOnce,
} from "./stakes.ts";
import {
  boughtBandBasic,
  boughtBandPower,
  oneAccomplice,
  powerIdle,
  tenAccomplices,
  twoOwnAccounts,
  washingLoop,
} from "./washing.ts";

export const PLAYS: readonly Play[] = [
  idle,
  maturedExit,
  hundredBoxes,
  exitLadder,
  graceRotation,
  graceCarPark,
  washingLoop,
  oneAccomplice,
  tenAccomplices,
  boughtBandBasic,
  boughtBandPower,
  twoOwnAccounts,
  powerIdle,
  dustWallets,
  finestDust,
  wrapping,
  settlingEarly,
  staking,
  liquidShares,
  dustCommitments,
  leastCommitments,
  bestCommitments,
  outlivingCover,
  yearsYieldAtOnce,
  busyShop,
  shopOfStrangers,
  contributor,
  aiUser,
  newcomer,
  wrappedPool,
  plainPair,
];
