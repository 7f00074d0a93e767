> select 1 as a order by 1
1
> select 1 as a order by 2147483647
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> select 1 as a order by 9007199254740991
1
> select 1 as a order by 0xffffffffffffffff
1
> select 1 as a order by -0x8000000000000000
1
> select 1 as a order by -1
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> select 1 union select 2 order by 1
1
2
> select 1 union select 2 order by 2
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> select 1 union select 2 order by 2147483648
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> select 1 union select 2 order by 0xffffffffffffffff
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> select 1 union select 2 order by -0x8000000000000000
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
