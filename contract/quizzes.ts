export const quizzes = {}
