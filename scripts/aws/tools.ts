import type { SecretStore } from '#homes/aws/rotation.ts'
import type { SiteStore } from '#homes/aws/site.ts'
import { randomIds } from '#homes/machine/clock.ts'
import type { World } from '#ports/world.ts'

/** What a deployment needs of the world. The verbs hold the order and the words; whoever calls them gives these. */
export type Tools = {
  /** Packages, bundles, the web app: everything that is deployed, made. Answers the folder of the built app. */
  prepare(): Promise<{ site: string }>
  /** Makes the templates of a stage into a folder, checked. `context` is CDK's. */
  synthesise(stage: string, context: Record<string, string>, folder: string): Promise<void>
  /** Runs the CDK, its words on this terminal. @throws Trouble when it ends badly */
  cdk(args: readonly string[]): Promise<void>
  /** What a deployed stack tells, by name; undefined where there is no such stack. */
  outputs(stack: string): Promise<Readonly<Record<string, string>> | undefined>
  secrets: SecretStore
  /** What a deployment fills once the stacks are there: the store, and the table by which the school hears of it. */
  siteStore(places: { bucket: string; table: string }): SiteStore
  /** The status a URL answers with; undefined while it does not answer. */
  status(url: string): Promise<number | undefined>
  wait(seconds: number): Promise<void>
  /** What somebody types; `isHidden` where nobody shall read it over their shoulder. */
  ask(question: string, isHidden?: boolean): Promise<string>
  say(line?: string): void
  now(): Date
  /** Where what was deployed from this machine is kept. */
  kept: string
  /** Where `<stage>.json` says what a stage is deployed with. */
  stages: string
  /** What is checked out, in a word. */
  commit(): Promise<string>
}

/** Expected trouble, told in words. */
export class DeployTrouble extends Error {
  readonly code = 'cannot-deploy'
}

export const makingWith = ({ now }: Pick<Tools, 'now'>): Pick<World, 'ids' | 'clock'> => ({ ids: randomIds({ now }), clock: { now } })
