import type { RouteRecordRaw } from 'vue-router'

export const notificationRoutes: RouteRecordRaw[] = [
  { path: '/notifications', name: 'notifications', meta: { needsSignIn: true }, component: () => import('./NotificationsPage.vue') },
  { path: '/notifications/settings', name: 'notification-settings', meta: { needsSignIn: true }, component: () => import('./SettingsPage.vue') },
  // From a letter: whoever holds it need not sign in.
  { path: '/letters/:token/:kind', name: 'letters', props: true, component: () => import('./LettersPage.vue') },
]
