import { silentLog } from './log.ts'
import { aClock } from './scratch.fixture.ts'
import { PROGRAM } from './tasks.fixture.ts'
import { tasks } from './tasks.ts'

/** A school, as far as it begins programs: it begins one, says so, and waits to be killed. */
const [marks = '', ran = '', run = ''] = process.argv.slice(2)

const { start } = tasks({
  ...{ folder: marks, programs: { writer: PROGRAM, publisher: PROGRAM }, clock: aClock(), log: silentLog },
  environment: (name) => ({ RAN_FOLDER: ran, PROGRAM: name }),
  tell: async () => {},
})
await start({ name: 'writer', id: run, run })
process.stdout.write('begun\n')
setInterval(() => {}, 60_000)
