import type { RouteRecordRaw } from 'vue-router'

/** What belongs to a course and to no single lesson; `:course` is its id. */
export const talkRoutes: RouteRecordRaw[] = [
  { path: '/learn/:course/talk', name: 'course-talk', meta: { needsSignIn: true }, props: true, component: () => import('./BoardPage.vue') },
  {
    path: '/learn/:course/announcements',
    name: 'course-announcements',
    meta: { needsSignIn: true },
    props: true,
    component: () => import('./AnnouncementsPage.vue'),
  },
]
