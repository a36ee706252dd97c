import { refuseAside } from './aside.ts'
import { learn, payForCourse, refuseForgery, signUpLearner } from './buying.ts'
import { drill } from './dead-letters.ts'
import type { Scene } from './scene.ts'
import { fire, paces } from './timing.ts'
import { makeCourse, publish, signUpTeacher, transcode, uploadFilm, watch } from './upload.ts'
import { beginSeries, merge, readLesson, write } from './writing.ts'

/** A step answers what was seen, in a few words. @throws an Error that names what hinders it */
export type Step = [name: string, play: (scene: Scene) => Promise<string>]
export type Journey = { name: string; steps: readonly Step[] }

export const JOURNEYS: readonly Journey[] = [
  {
    name: 'Upload → playable',
    steps: [
      ['A teacher signs up', signUpTeacher],
      ['makes a course', makeCourse],
      ['uploads a film', uploadFilm],
      ['which is probed and made', transcode],
      ['publishes the course', publish],
      ['watches it', watch],
    ],
  },
  {
    name: 'Pay → enrolled',
    steps: [
      ['A learner signs up', signUpLearner],
      ['A forged webhook', refuseForgery],
      ['pays for the course', payForCourse],
      ['opens the lesson', learn],
    ],
  },
  { name: 'Past the distribution', steps: [['The gateways at their own addresses', refuseAside]] },
  {
    name: 'Schedule → pull request',
    steps: [
      ['A teacher begins a series', beginSeries],
      ['which is written and proposed', write],
      ['is reviewed and merged', merge],
      ['is read', readLesson],
    ],
  },
  { name: 'Schedules', steps: paces.map((seconds): Step => [`Every ${seconds} seconds`, (scene) => fire(scene, seconds)]) },
  { name: 'What fails for good', steps: [['Dead letters', drill]] },
]
