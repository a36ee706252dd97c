import { dieWhereDoomed } from './program.fixture.ts'

await dieWhereDoomed()
await import('#tasks/publisher/main.ts')
