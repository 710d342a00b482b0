DROP TABLE playgrounds;
DROP TABLE linkifiers;
