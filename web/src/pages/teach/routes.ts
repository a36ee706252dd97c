import type { RouteRecordRaw } from 'vue-router'

/** The teacher's side; each page loads when it is first opened. */
export const teachRoutes: RouteRecordRaw[] = [
  { path: '/teach', name: 'teach', component: () => import('./CoursesPage.vue') },
  { path: '/teach/courses/:course', name: 'teach-course', component: () => import('./CoursePage.vue'), props: true },
  { path: '/teach/lessons/:lesson', name: 'teach-lesson', component: () => import('./LessonPage.vue'), props: true },
]
