import { startMailSandbox } from '#sandbox/mail.ts'

/** A process that takes the school's letters, as a post office elsewhere would; the argument is a folder for them. */
const { smtpUrl } = await startMailSandbox({ folder: process.argv[2] ?? '' })
process.send?.({ smtpUrl })
process.on('disconnect', () => process.exit(0))
