import { dieWhereDoomed } from './program.fixture.ts'

await dieWhereDoomed()
await import('#tasks/writer/main.ts')
