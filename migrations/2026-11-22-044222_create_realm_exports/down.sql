DROP TABLE realm_exports;
