import type { RouteRecordRaw } from 'vue-router'

/** What the school is called, how it looks and what it says of itself: a page with tabs, each loaded when it is first opened. */
export const settingsRoutes: RouteRecordRaw[] = [
  {
    path: '/school/settings',
    meta: { needsSignIn: true },
    component: () => import('./SettingsPage.vue'),
    children: [
      { path: '', name: 'school-settings', component: () => import('../../../features/storefront/BrandDesk.vue') },
      { path: 'home', name: 'school-settings-home', component: () => import('../../../features/storefront/HomeDesk.vue') },
      { path: 'legal', name: 'school-settings-legal', component: () => import('../../../features/storefront/LegalDesk.vue') },
    ],
  },
]
