export const announcements = {}
