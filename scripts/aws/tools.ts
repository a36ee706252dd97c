import type { SiteStore } from '#homes/aws/site.ts'

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

export type SecretStore = {
  /** Undefined where there is no such secret, or nothing in it yet. */
  get(name: string): Promise<string | undefined>
  put(name: string, text: string): Promise<void>
  /** In the place of what was read. @throws when somebody else has changed it since */
  exchange(name: string, before: string, text: string): Promise<void>
}

/** Expected trouble, told in words. */
export class DeployTrouble extends Error {
  readonly code = 'cannot-deploy'
}

export const keysChanged = (name: string): DeployTrouble =>
  new DeployTrouble(`${name} has been changed by somebody else meanwhile, and stays as it is. Deploy once more, so that CloudFront knows what is in it.`)
