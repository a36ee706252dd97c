import type { RouteRecordRaw } from 'vue-router'
import CataloguePage from './CataloguePage.vue'
import CoursePage from './CoursePage.vue'
import LegalPage from './LegalPage.vue'
import LessonDoor from './LessonDoor.vue'
import NotFoundPage from './NotFoundPage.vue'
import OfferPage from './OfferPage.vue'

/**
 * Pages that people see before they sign in. What these draw is weighed: the build gives their texts and icons with the first load, and
 * everything else comes with `lib/inside.ts`. They are part of the first file: a page that is shown already is not to wait for another.
 */
export const visitorRoutes: RouteRecordRaw[] = [
  { path: '/', name: 'catalogue', component: CataloguePage },
  { path: '/courses/:slug', name: 'course', props: true, component: CoursePage },
  { path: '/offers/:id', name: 'offer', props: true, component: OfferPage },
  { path: '/legal/:page', name: 'legal', props: true, component: LegalPage },
  // A course's board and announcements are pages inside, which a visitor's browser has not heard of.
  { path: '/learn/:course/:lesson(les_\\w+)', name: 'lesson', props: true, component: LessonDoor },
  { path: '/signed-in', name: 'signed-in', component: () => import('./SignedInPage.vue') },
  { path: '/status', name: 'status', component: () => import('./StatusPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', component: NotFoundPage },
]
