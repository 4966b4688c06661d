# The only place that knows how moa finds LLVM, compiles and links.
#
#   moa_add_library(NAME sources... [LINK_LIBS libs...] [DEPENDS targets...]
#                   [WITHOUT_LLVM])
#   moa_add_tool(NAME sources... [LINK_LIBS libs...])
#   moa_add_plugin(NAME sources... [LINK_LIBS libs...])
#
# A library links the MLIR and LLVM shared libraries, so that a tool links in a
# second, or with WITHOUT_LLVM nothing of them: it can be built and used where
# there is no MLIR. Where none is found, only those parts are configured.

find_package(MLIR CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
option(MOA_WITH_MLIR "Build all of moa, not only what needs no MLIR" ${MLIR_FOUND})
if(MOA_WITH_MLIR AND NOT MLIR_FOUND)
  message(FATAL_ERROR "moa needs MLIR 22 (Debian's libmlir-22-dev and "
    "mlir-22-tools), which was not found; set MLIR_DIR to its lib/cmake/mlir, "
    "or MOA_WITH_MLIR=OFF to build only the parts that need none")
endif()

if(MOA_WITH_MLIR)
  set(MLIR_LINK_MLIR_DYLIB ON)
  message(STATUS "moa: MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")
  if(NOT LLVM_VERSION_MAJOR EQUAL 22)
    message(FATAL_ERROR "moa needs LLVM/MLIR 22, found ${LLVM_PACKAGE_VERSION}")
  endif()

  list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
  set(LLVM_RUNTIME_OUTPUT_INTDIR ${PROJECT_BINARY_DIR}/bin)
  set(LLVM_LIBRARY_OUTPUT_INTDIR ${PROJECT_BINARY_DIR}/lib)
  include(TableGen)
  include(AddLLVM)
  include(AddMLIR)
  include(HandleLLVMOptions)

  include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  separate_arguments(MOA_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
  add_definitions(${MOA_LLVM_DEFINITIONS})
else()
  message(STATUS "moa: no MLIR, so only the parts that need none are built")
endif()

find_program(MOA_CCACHE ccache)
if(MOA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MOA_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

include_directories(${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)

# Half of the time of a compilation goes into reading MLIR's headers. A compiler
# cache does better than a precompiled header, and the two do not go together.
if(MOA_CCACHE)
  set(moa_precompile OFF)
else()
  set(moa_precompile ${MOA_WITH_MLIR})
endif()
option(MOA_PRECOMPILE_HEADERS "Precompile MLIR's headers" ${moa_precompile})
if(MOA_PRECOMPILE_HEADERS)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled/Empty.cpp "")
  add_library(MoaPrecompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled/Empty.cpp)
  target_precompile_headers(MoaPrecompiled PRIVATE
    ${PROJECT_SOURCE_DIR}/cmake/Precompiled.h)
endif()

function(moa_add_library name)
  cmake_parse_arguments(ARG "WITHOUT_LLVM" "" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  set_property(GLOBAL APPEND PROPERTY MOA_LIBS ${name})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS})
  if(NOT ARG_WITHOUT_LLVM)
    target_link_libraries(${name} PUBLIC MLIR LLVM)
    if(MOA_PRECOMPILE_HEADERS)
      target_precompile_headers(${name} REUSE_FROM MoaPrecompiled)
    endif()
  endif()
endfunction()

function(moa_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  set_property(GLOBAL APPEND PROPERTY MOA_TOOLS ${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS})
endfunction()

# A library that mlir-opt loads at run time: build/lib/NAME.so.
function(moa_add_plugin name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_library(${name} MODULE ${ARG_UNPARSED_ARGUMENTS})
  set_property(GLOBAL APPEND PROPERTY MOA_PLUGINS ${name})
  set_target_properties(${name} PROPERTIES PREFIX "")
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS})
endfunction()
