import { tablesLaws } from '#ports/tables.laws.ts'
import { aStore } from './cloud.fixture.ts'

tablesLaws('aws', () => aStore())
