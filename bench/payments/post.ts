import { setPriority } from 'node:os'
import { startMailSandbox } from '#sandbox/mail.ts'

/** A process that takes the school's letters, as a post office elsewhere would, and so behind all that runs here; the argument is a folder for them. */
setPriority(19)
const { smtpUrl } = await startMailSandbox({ folder: process.argv[2] ?? '' })
process.send?.({ smtpUrl })
process.on('disconnect', () => process.exit(0))
