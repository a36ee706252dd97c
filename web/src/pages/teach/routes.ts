import type { RouteRecordRaw } from 'vue-router'
import { seriesRoutes } from './series/routes.ts'

/** The teacher's side; each page loads when it is first opened. */
export const teachRoutes: RouteRecordRaw[] = [
  { path: '/teach', name: 'teach', meta: { needsSignIn: true }, component: () => import('./CoursesPage.vue') },
  { path: '/teach/videos', name: 'teach-videos', meta: { needsSignIn: true }, component: () => import('./VideosPage.vue') },
  ...seriesRoutes,
  { path: '/teach/courses/:course', name: 'teach-course', meta: { needsSignIn: true }, component: () => import('./CoursePage.vue'), props: true },
  { path: '/teach/courses/:course/handings', name: 'teach-handings', meta: { needsSignIn: true }, component: () => import('./HandingsPage.vue'), props: true },
  { path: '/teach/handings/:handing', name: 'teach-handing', meta: { needsSignIn: true }, component: () => import('./GradingPage.vue'), props: true },
  { path: '/teach/lessons/:lesson', name: 'teach-lesson', meta: { needsSignIn: true }, component: () => import('./LessonPage.vue'), props: true },
  {
    path: '/teach/lessons/:lesson/captions/:language([a-z]{2,3}|[a-z]{2,3}-[A-Za-z0-9]{2,8})',
    name: 'teach-captions',
    meta: { needsSignIn: true },
    component: () => import('./CaptionsPage.vue'),
    props: true,
  },
]
