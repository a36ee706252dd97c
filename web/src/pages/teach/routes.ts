import type { RouteRecordRaw } from 'vue-router'
import { seriesRoutes } from './series/routes.ts'

/** The teacher's side; each page loads when it is first opened. */
export const teachRoutes: RouteRecordRaw[] = [
  { path: '/teach', name: 'teach', meta: { needsSignIn: true }, component: () => import('./CoursesPage.vue') },
  { path: '/teach/videos', name: 'teach-videos', meta: { needsSignIn: true }, component: () => import('./VideosPage.vue') },
  ...seriesRoutes,
  { path: '/teach/courses/:course', name: 'teach-course', meta: { needsSignIn: true }, component: () => import('./CoursePage.vue'), props: true },
  { path: '/teach/courses/:course/versions', name: 'teach-versions', meta: { needsSignIn: true }, component: () => import('./VersionsPage.vue'), props: true },
  { path: '/teach/courses/:course/preview', name: 'teach-preview', meta: { needsSignIn: true }, component: () => import('./PreviewPage.vue'), props: true },
  {
    path: '/teach/courses/:course/questions',
    name: 'teach-questions',
    meta: { needsSignIn: true },
    component: () => import('./QuestionsPage.vue'),
    props: true,
  },
  {
    path: '/teach/courses/:course/announcements',
    name: 'teach-announcements',
    meta: { needsSignIn: true },
    component: () => import('./AnnouncementsPage.vue'),
    props: true,
  },
  { path: '/teach/courses/:course/learners', name: 'teach-learners', meta: { needsSignIn: true }, component: () => import('./LearnersPage.vue'), props: true },
  {
    path: '/teach/courses/:course/learners/:person',
    name: 'teach-learner',
    meta: { needsSignIn: true },
    component: () => import('./LearnerPage.vue'),
    props: true,
  },
  { path: '/teach/courses/:course/insights', name: 'teach-insights', meta: { needsSignIn: true }, component: () => import('./InsightsPage.vue'), props: true },
  {
    path: '/teach/courses/:course/insights/:kind(video|quiz)/:lesson',
    name: 'teach-lesson-insights',
    meta: { needsSignIn: true },
    component: () => import('./LessonInsightsPage.vue'),
    props: true,
  },
  { path: '/teach/courses/:course/banks', name: 'teach-banks', meta: { needsSignIn: true }, component: () => import('./BanksPage.vue'), props: true },
  { path: '/teach/courses/:course/page', name: 'teach-sales', meta: { needsSignIn: true }, component: () => import('./SalesPage.vue'), props: true },
  { path: '/teach/courses/:course/handings', name: 'teach-handings', meta: { needsSignIn: true }, component: () => import('./HandingsPage.vue'), props: true },
  { path: '/teach/handings/:handing', name: 'teach-handing', meta: { needsSignIn: true }, component: () => import('./GradingPage.vue'), props: true },
  {
    path: '/teach/courses/:course/certificates',
    name: 'teach-certificates',
    meta: { needsSignIn: true },
    component: () => import('./CertificatesPage.vue'),
    props: true,
  },
  { path: '/teach/courses/:course/people', name: 'teach-people', meta: { needsSignIn: true }, component: () => import('./PeoplePage.vue'), props: true },
  { path: '/teach/lessons/:lesson', name: 'teach-lesson', meta: { needsSignIn: true }, component: () => import('./LessonPage.vue'), props: true },
  {
    path: '/teach/lessons/:lesson/captions/:language([a-z]{2,3}|[a-z]{2,3}-[A-Za-z0-9]{2,8})',
    name: 'teach-captions',
    meta: { needsSignIn: true },
    component: () => import('./CaptionsPage.vue'),
    props: true,
  },
]
