export type Verb = {
  name: string
  /** One line for the overview. */
  says: string
  /** What `--help` shows. */
  help: string
  /** Answers with the exit code: 0 done, 1 not done, 2 asked wrongly. */
  run(args: readonly string[]): Promise<number>
}
