import { eventsLaws } from '#ports/events.laws.ts'
import { aStore } from './cloud.fixture.ts'

eventsLaws('aws', () => aStore())
