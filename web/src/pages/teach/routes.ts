import type { RouteRecordRaw } from 'vue-router'

/** The teacher's side; each page loads when it is first opened. */
export const teachRoutes: RouteRecordRaw[] = []
