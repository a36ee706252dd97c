/** To whoever runs a verb: what it found or did. */
export const say = (...lines: string[]): void => void process.stdout.write(`\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`)

/** What was wrong, apart from what a program reads. */
export const complain = (words: string): void => void process.stderr.write(`\n  ${words}\n\n`)
