DROP TABLE realm_domains;
